/** Order a cover: a song, a style, who makes it and who sings. What a provider cannot be asked for is not asked. */

import { useRef, useState } from "preact/hooks";
import type { Api, Problem, Provider } from "./api";
import { usd } from "./format";
import { useLoaded } from "./loading";
import { type Started, send, start } from "./order";
import { go } from "./route";
import { type Song, SongField } from "./song-field";
import { StyleField } from "./style-field";
import { VoiceField } from "./voice-field";
import { type Form, EMPTY, able, missing, wish } from "./wish";
import { WordsField } from "./words-field";

export function NewCover({ api }: { api: Api }) {
  const [song, setSong] = useState<Song>(null);
  const [form, setForm] = useState(EMPTY);
  const [sent, setSent] = useState<number | null>(null);
  const [fault, setFault] = useState("");
  const order = useRef<Started | null>(null);
  const providers = useLoaded((signal) => api.providers(signal), [api]);
  const known = providers.value ?? [];
  const can = able(form.provider, known);
  const lacks = missing(form, can, song !== null);
  const set = (change: Partial<Form>) => (setForm({ ...form, ...change }), setFault(""));

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!song || lacks.length) return;
    setFault("");
    setSent(0);
    try {
      order.current = start(song, wish(form, can), order.current);
      go(`covers/${(await send(api, order.current, setSent)).id}`);
    } catch (error) {
      setFault((error as Problem).message);
      setSent(null);
    }
  };

  return (
    <form class="order" onSubmit={submit}>
      <h1>New cover</h1>
      <SongField song={song} choose={(chosen) => (setSong(chosen), setFault(""))} />
      <ProviderField providers={known} chosen={form.provider} choose={(provider) => set({ provider, voice: "", pitch: 0 })} />
      {providers.error && <p class="fault">{providers.error.message}</p>}
      {can.style && <StyleField style={form.style} choose={(style) => set({ style })} />}
      {can.style && <WordsField form={form} can={can} set={set} />}
      {can.voice && (
        <VoiceField api={api} provider={form.provider} voice={form.voice} required={can.voiceRequired} choose={(voice) => set({ voice })} />
      )}
      {can.pitch && <PitchField pitch={form.pitch} choose={(pitch) => set({ pitch })} />}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="send">
        <button class="main" disabled={lacks.length > 0 || sent !== null}>
          {sent === null ? "Make the cover" : "Sending…"}
        </button>
        <span class="hint" role="status">
          {sent !== null ? <Sending share={sent} /> : lacks.length > 0 && `Still needed: ${lacks.join(", ")}.`}
        </span>
      </div>
    </form>
  );
}

function Sending({ share }: { share: number }) {
  return (
    <>
      <progress value={share} aria-label="Song sent" /> {share < 1 ? "Sending the song" : "Ordering the cover"}
    </>
  );
}

function ProviderField({ providers, chosen, choose }: { providers: Provider[]; chosen: string; choose: (name: string) => void }) {
  const one = providers.find((provider) => provider.provider === chosen);
  return (
    <div class="field">
      <label for="provider">Provider</label>
      <select id="provider" aria-describedby="provider-hint" value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="auto">The cheapest that can do it</option>
        {providers.map(({ provider, enabled, estimated_usd }) => (
          <option key={provider} value={provider} disabled={!enabled}>
            {provider}
            {enabled ? estimated_usd !== null && `, about ${usd(estimated_usd)}` : ", switched off"}
          </option>
        ))}
      </select>
      <p id="provider-hint" class="hint">
        {one && !one.healthy ? `In trouble: ${one.reason ?? "it failed lately"}` : "One of them is paid, by an estimate of its prices."}
      </p>
    </div>
  );
}

function PitchField({ pitch, choose }: { pitch: number; choose: (pitch: number) => void }) {
  return (
    <div class="field">
      <label for="pitch">
        Pitch <output for="pitch">{pitch > 0 ? `+${pitch}` : pitch} semitones</output>
      </label>
      <input id="pitch" type="range" min={-12} max={12} step={1} value={pitch} onInput={({ currentTarget }) => choose(Number(currentTarget.value))} />
    </div>
  );
}

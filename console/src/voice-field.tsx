/** Who sings: MusicGPT's thousands of voices are searched, the studio's few are colours of the song's own voice. */

import { useState } from "preact/hooks";
import type { Api } from "./api";
import { useLoaded } from "./loading";
import { STUDIO_VOICES } from "./voices";

interface Props {
  api: Api;
  provider: string;
  voice: string;
  required: boolean;
  choose: (voice: string) => void;
}

export function VoiceField({ api, provider, voice, required, choose }: Props) {
  const [words, setWords] = useState("");
  const asked = provider === "musicgpt";
  const found = useLoaded((signal) => (asked ? api.voices(words, signal) : Promise.resolve([])), [asked, words]);
  const voices = asked ? (found.value ?? []).map((one) => ({ id: one.voice_id, name: one.voice_name })) : STUDIO_VOICES;
  return (
    <div class="field">
      {asked && (
        <>
          <label for="voice-words">Find a voice</label>
          <input id="voice-words" type="search" onChange={({ currentTarget }) => setWords(currentTarget.value.trim())} />
        </>
      )}
      <label for="voice">Voice</label>
      <select id="voice" required={required} value={voice} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">{required ? "Choose a voice" : "No voice: instruments alone"}</option>
        {voices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {found.error && <p class="fault">{found.error.message}</p>}
    </div>
  );
}

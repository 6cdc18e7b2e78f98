/** The source and the takes, one under the other: heard in turn, at the same position. */

import { useRef, useState } from "preact/hooks";
import type { Api, Cover } from "./api";
import { handOver, play } from "./deck";
import { clock } from "./format";
import { nameOf } from "./name";
import { SoundRow } from "./sound-row";

/** `file` is what it is saved as, without what its type adds. */
export interface Offer {
  name: string;
  path: string;
  file: string;
}

export function offers(cover: Cover): Offer[] {
  const own = `/v1/covers/${cover.id}`;
  const title = nameOf(cover).slice(0, 60);
  const takes = cover.tracks
    .filter((track) => track.audio_url)
    .map((track) => ({
      name: `Take ${track.number}${track.alternative ? " (alternative)" : ""}`,
      path: `${own}/tracks/${track.number}/audio`,
      file: `${title} ${track.number}`,
    }));
  const source = cover.request.source.object ? [{ name: "Source", path: `${own}/source`, file: `${title}, source` }] : [];
  return takes.length ? [...source, ...takes] : [];
}

export function Listen({ api, cover }: { api: Api; cover: Cover }) {
  const sounds = offers(cover);
  const players = useRef(new Map<string, HTMLAudioElement>());
  const [chosen, setChosen] = useState<string>();
  const [time, setTime] = useState(0);
  const [ready, setReady] = useState<Record<string, number>>({});
  const [playing, setPlaying] = useState(false);
  if (!sounds.length) return null;

  const active = chosen ?? sounds.find(({ name }) => name !== "Source")?.name ?? "";
  const player = () => players.current.get(active);
  const choose = (name: string) => {
    const to = players.current.get(name);
    if (!to || ready[name] === undefined) return;
    handOver(player(), to);
    setChosen(name);
  };
  const toggle = () => {
    const one = player();
    if (one?.paused) void play(one);
    else one?.pause();
  };
  const seek = (at: number) => {
    const one = player();
    if (one) one.currentTime = at;
    setTime(at);
  };
  const onKey = (event: KeyboardEvent) => {
    const sound = sounds[Number(event.key) - 1];
    if (sound && !event.ctrlKey && !event.metaKey && !event.altKey) choose(sound.name);
  };
  const length = ready[active] ?? 0;
  return (
    <section class="listen" aria-labelledby="listen" onKeyDown={onKey}>
      <h2 id="listen">Listen</h2>
      <div role="radiogroup" aria-label="Heard" class="sounds">
        {sounds.map((sound, index) => (
          <SoundRow
            key={sound.name}
            api={api}
            sound={sound}
            shortcut={index + 1}
            active={sound.name === active}
            choose={() => choose(sound.name)}
            seek={(at) => (choose(sound.name), (players.current.get(sound.name)!.currentTime = at), setTime(at))}
            hold={(element) => element && players.current.set(sound.name, element)}
            onReady={(seconds) => setReady((before) => ({ ...before, [sound.name]: seconds }))}
            onTime={(at) => sound.name === active && setTime(at)}
            onPlaying={(now) => sound.name === active && setPlaying(now)}
          />
        ))}
      </div>
      <div class="transport">
        <button class="main play" type="button" disabled={!length} aria-label={playing ? "Pause" : "Play"} onClick={toggle}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d={playing ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 5v14l11-7z"} />
          </svg>
        </button>
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={`${clock(time)} of ${clock(length)}`}
          min={0}
          max={length || 1}
          step={0.1}
          value={time}
          disabled={!length}
          onInput={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
        <span class="time">
          {clock(time)} / {clock(length)}
        </span>
      </div>
      <p class="hint">Keys 1 to {sounds.length} switch while you listen; the position stays.</p>
    </section>
  );
}

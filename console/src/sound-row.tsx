/** One sound: fetched once, drawn, and played out of memory, so that switching never waits. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Api, Problem } from "./api";
import { suffixOf } from "./deck";
import { clock } from "./format";
import type { Offer } from "./listen";
import { useLoaded } from "./loading";
import { Waveform } from "./waveform";

interface Props {
  api: Api;
  sound: Offer;
  shortcut: number;
  active: boolean;
  choose: () => void;
  seek: (at: number) => void;
  hold: (player: HTMLAudioElement | null) => void;
  onReady: (seconds: number) => void;
  onTime: (at: number) => void;
  onPlaying: (now: boolean) => void;
}

export function SoundRow({ api, sound, shortcut, active, choose, seek, hold, onReady, onTime, onPlaying }: Props) {
  const { value: blob, error } = useLoaded((signal) => api.sound(sound.path, signal), [api, sound.path]);
  const player = useRef<HTMLAudioElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [link, setLink] = useState<string>();
  useEffect(() => hold(player.current), []);
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setLink(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  const ready = () => {
    const length = player.current?.duration ?? 0;
    setSeconds(length);
    onReady(length);
  };
  return (
    <div class={`sound${active ? " active" : ""}`}>
      <label>
        <input type="radio" name="heard" checked={active} disabled={!seconds} onChange={choose} />
        <span>{sound.name}</span>
        <kbd aria-hidden="true">{shortcut}</kbd>
      </label>
      <div class="wave" aria-hidden="true">
        {blob && player.current && <Waveform blob={blob} player={player.current} active={active} seek={seek} />}
      </div>
      <span class="hint">{error ? words(error as Problem) : seconds ? clock(seconds) : "Loading…"}</span>
      {link && (
        <a class="download" href={link} download={`${sound.file}.${suffixOf(blob?.type ?? null)}`} aria-label={`Download ${sound.name}`}>
          Download
        </a>
      )}
      <audio
        ref={player}
        src={link}
        preload="auto"
        onCanPlay={ready}
        onTimeUpdate={({ currentTarget }) => onTime(currentTarget.currentTime)}
        onPlay={() => onPlaying(true)}
        onPause={() => onPlaying(false)}
        onEnded={() => onPlaying(false)}
      />
    </div>
  );
}

const words = (problem: Problem) =>
  problem.status === 404 || problem.status === 403 ? "Not kept any more" : problem.message;

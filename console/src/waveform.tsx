/** The drawing of a sound. A click seeks; by keyboard, the position below it does. */

import { useEffect, useRef } from "preact/hooks";
import WaveSurfer from "wavesurfer.js";

/** The page's own (layers/core/reprise/http/console.py): without it the policy refuses the drawing's styles. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="nonce"]')?.content ?? "";

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Only the sound that is heard shows where it stands. */
function colours(active: boolean) {
  const quiet = colour("--wave-quiet");
  if (!active) return { waveColor: quiet, progressColor: quiet, cursorWidth: 0 };
  return { waveColor: colour("--wave"), progressColor: colour("--accent"), cursorColor: colour("--ink"), cursorWidth: 2 };
}

interface Props {
  blob: Blob;
  player: HTMLAudioElement;
  active: boolean;
  seek: (at: number) => void;
}

export function Waveform({ blob, player, active, seek }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<WaveSurfer | null>(null);
  const latest = useRef(seek);
  latest.current = seek;
  useEffect(() => {
    if (!place.current) return;
    let gone = false;
    const container = place.current;
    const draw = async () => {
      const { peaks, seconds } = await peaksOf(blob);
      if (gone) return;
      const look = { height: 56, barWidth: 2, barGap: 2, barRadius: 2, normalize: true };
      const surfer = WaveSurfer.create({ container, media: player, peaks, duration: seconds, cspNonce: nonce(), ...look, ...colours(active) });
      surfer.on("interaction", (at) => latest.current(at));
      drawn.current = surfer;
    };
    draw().catch(() => undefined); // what this browser cannot decode may still play; it has no drawing then
    return () => {
      gone = true;
      drawn.current?.destroy();
    };
  }, [blob, player]);
  useEffect(() => {
    const repaint = () => drawn.current?.setOptions(colours(active));
    repaint();
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", repaint);
    return () => theme.removeEventListener("change", repaint);
  }, [active]);
  return <div ref={place} class="drawing" />;
}

/** Loudness, thinly sampled: a drawing has no use for more. */
const RATE = 8000;
const POINTS = 1200;

async function peaksOf(blob: Blob): Promise<{ peaks: number[][]; seconds: number }> {
  const decoder = new OfflineAudioContext(1, RATE, RATE);
  const sound = await decoder.decodeAudioData(await blob.arrayBuffer());
  return { peaks: [thin(sound.getChannelData(0), POINTS)], seconds: sound.duration };
}

/** The loudest of each of `points` stretches. */
export function thin(samples: Float32Array, points: number): number[] {
  const stretch = Math.max(1, Math.ceil(samples.length / points));
  const found: number[] = [];
  for (let start = 0; start < samples.length; start += stretch) {
    let most = 0;
    for (const sample of samples.subarray(start, start + stretch)) most = Math.max(most, Math.abs(sample));
    found.push(most);
  }
  return found;
}

/** Sounds that are compared: one is heard at a time, and the next goes on where the one before stood. */

export type Sound = Pick<HTMLMediaElement, "currentTime" | "duration" | "paused" | "pause" | "play">;

/** A hair before the end: at the very end nothing would be heard and the position would be lost. */
const LAST = 0.05;

export function handOver(from: Sound | undefined, to: Sound): void {
  if (!from || from === to) return;
  const goesOn = !from.paused;
  from.pause();
  const end = Number.isFinite(to.duration) ? Math.max(0, to.duration - LAST) : from.currentTime;
  to.currentTime = Math.min(from.currentTime, end);
  if (goesOn) void play(to);
}

/** Who pauses before anything sounds interrupts it, which browsers call an error. */
export const play = (sound: Sound): Promise<void> =>
  sound.play().catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  });

const SUFFIXES: Record<string, string> = {
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/flac": "flac",
  "audio/ogg": "ogg",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
};

export const suffixOf = (type: string | null): string => SUFFIXES[(type ?? "").split(";")[0] ?? ""] ?? "mp3";

/** What the form says, in the API's words; and what a provider of this name can be asked for. Pure. */

import type { Provider } from "./api";

export type Words = "auto" | "own" | "none";

export interface Form {
  provider: string;
  style: string;
  title: string;
  words: Words;
  lyrics: string;
  voice: string;
  pitch: number;
}

export const EMPTY: Form = { provider: "auto", style: "", title: "", words: "none", lyrics: "", voice: "", pitch: 0 };

export interface Able {
  style: boolean;
  lyrics: boolean;
  instrumental: boolean;
  voice: boolean;
  voiceRequired: boolean;
  pitch: boolean;
}

/** `auto` may be anybody who sings in a style: those who only swap voices are chosen by name. */
export function able(name: string, providers: Provider[]): Able {
  const one = providers.find((provider) => provider.provider === name);
  const has = (field: string) => (one ? one.fields.includes(field) : ["style", "lyrics", "instrumental"].includes(field));
  const voiceRequired = one?.required.includes("voice") ?? false;
  return {
    style: has("style") || has("prompt"),
    lyrics: has("lyrics"),
    instrumental: has("instrumental"),
    voice: has("voice"),
    voiceRequired,
    pitch: has("pitch"),
  };
}

/**
 * A style alone is an idea, and the provider finds the words. Words of one's own, or none, need a title too: then the
 * request is a custom one.
 */
export function wish(form: Form, can: Able): Record<string, unknown> {
  const style = form.style.trim();
  const custom = can.style && ((form.words === "own" && can.lyrics) || (form.words === "none" && can.instrumental));
  return {
    provider: form.provider,
    ...(can.style && { style }),
    ...(custom && { title: form.title.trim() || style.slice(0, 60) }),
    ...(custom && (form.words === "own" ? { lyrics: form.lyrics.trim() } : { instrumental: true })),
    ...(can.voice && form.voice && { voice: form.voice }),
    ...(can.pitch && form.pitch !== 0 && { pitch: form.pitch }),
  };
}

/** What is still missing, for the reader; empty when it may be sent. */
export function missing(form: Form, can: Able, hasSong: boolean): string[] {
  return [
    !hasSong && "a song",
    can.style && !form.style.trim() && "a style",
    can.lyrics && form.words === "own" && !form.lyrics.trim() && "the words",
    can.voiceRequired && !form.voice && "a voice",
  ].filter((one): one is string => Boolean(one));
}

import { describe, expect, test } from "vitest";
import type { Provider } from "./api";
import { EMPTY, able, missing, wish } from "./wish";

const provider = (name: string, fields: string[], required: string[] = []): Provider => ({
  provider: name, enabled: true, reason: null, healthy: true, fields, required, modes: true, estimated_usd: 0.06,
});
const KNOWN = [
  provider("kie", ["instrumental", "lyrics", "prompt", "style", "title"]),
  provider("musicgpt", ["voice", "pitch"], ["voice"]),
  provider("studio", ["instrumental", "pitch", "prompt", "style", "title", "voice"]),
];

describe("the wish", () => {
  test("an instrumental needs a title, and takes the style for one", () => {
    const asked = wish({ ...EMPTY, style: " lo-fi " }, able("auto", KNOWN));
    expect(asked).toEqual({ provider: "auto", style: "lo-fi", title: "lo-fi", instrumental: true });
  });

  test("own words are sung as they are", () => {
    const asked = wish({ ...EMPTY, provider: "kie", style: "folk", words: "own", lyrics: "la la\n", title: "T" }, able("kie", KNOWN));
    expect(asked).toEqual({ provider: "kie", style: "folk", title: "T", lyrics: "la la" });
  });

  test("a style alone is an idea: with a title the API would want words", () => {
    const asked = wish({ ...EMPTY, style: "folk", words: "auto", title: "left from before" }, able("auto", KNOWN));
    expect(asked).toEqual({ provider: "auto", style: "folk" });
  });

  test("who swaps voices is asked for no style, and who has no voices for no voice", () => {
    const form = { ...EMPTY, style: "folk", voice: "v1", pitch: 2 };
    expect(wish({ ...form, provider: "musicgpt" }, able("musicgpt", KNOWN))).toEqual({ provider: "musicgpt", voice: "v1", pitch: 2 });
    expect(wish({ ...form, provider: "kie" }, able("kie", KNOWN))).not.toHaveProperty("voice");
  });

  test("what is missing is named, and nothing else", () => {
    expect(missing(EMPTY, able("auto", KNOWN), false)).toEqual(["a song", "a style"]);
    expect(missing({ ...EMPTY, provider: "musicgpt" }, able("musicgpt", KNOWN), true)).toEqual(["a voice"]);
    expect(missing({ ...EMPTY, style: "x", words: "own" }, able("kie", KNOWN), true)).toEqual(["the words"]);
    expect(missing({ ...EMPTY, style: "x", words: "own" }, able("studio", KNOWN), true)).toEqual([]);
  });
});

/** What a cover's page makes of the API's answers. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Cover, Entry, Sent, Track } from "./api";
import { handOver, play, suffixOf } from "./deck";
import { ADVICE, advise } from "./failure";
import { clock, since, usd } from "./format";
import { laneOf, points, toneOf } from "./lanes";
import { offers } from "./listen";
import { done, told } from "./stages";
import { STYLES, styleOf } from "./styles";
import { months, wholeMonth } from "./usage";
import { STUDIO_VOICES } from "./voices";
import { thin } from "./waveform";

const page = (path: string) => readFileSync(`../${path}`, "utf8");
const NONE: Sent = { deliveries: [], callbacks: [] };
const line = (sequence: number, type: string, at = "2026-11-20T12:00:00Z"): Entry => ({
  sequence, at, type, message: type, state: "running", event: null, data: {},
});

test("every reason to fail that the API has is put in plain words, and no other", () => {
  const table = page("docs/api.md").split("| `failure.reason` | what to do |")[1]!.split("\n\n")[0]!;
  const reasons = [...table.matchAll(/^\| ([a-z, -]+) \|/gm)].flatMap(([, names]) => names!.split(", "));
  expect(reasons.length).toBeGreaterThan(8);
  expect(Object.keys(ADVICE).sort()).toEqual(reasons.sort());
  expect(advise("of tomorrow").todo).toContain("below");
});

test("the studio's styles and voices are those that it has", () => {
  expect(STYLES.length).toBe(14);
  expect(STYLES.map(({ title }) => title)).toContain("Bossa nova");
  expect(() => styleOf("tempo = [1, 2]")).toThrow("without a title");
  const known = [...page("studio/voice.py").split("COLOURS = {")[1]!.split("}")[0]!.matchAll(/"(\w+)":/g)].map(([, id]) => id);
  expect(STUDIO_VOICES.map(({ id }) => id)).toEqual(known);
});

test("lines go to the lane of whose doing they are", () => {
  expect(["submit.intended", "callback.text", "poll.pending", "track.kept", "cover.first", "job.queued"].map(laneOf)).toEqual([
    "submit", "callback", "poll", "transfer", "job", "job",
  ]);
  expect(laneOf("late.poll.complete")).toBe("poll");
  expect(laneOf("late.callback.failed")).toBe("callback");
  expect([toneOf("cover.failed"), toneOf("late.callback.failed"), toneOf("cover.succeeded")]).toEqual(["bad", "late", "good"]);
});

test("deliveries stand where they happened; lines of one moment keep their order", () => {
  const attempt = { number: 2, at: "2026-11-20T12:00:05Z", status: 503, ms: 12, reason: "busy" };
  const sent: Sent = { deliveries: [{ id: "d", event: { type: "cover.first" }, webhook: "job", attempts: [attempt] }], callbacks: [] };
  const found = points([line(3, "cover.succeeded", "2026-11-20T12:00:09Z"), line(2, "b"), line(1, "a")], sent);
  expect(found.map(({ message }) => message)).toEqual(["a", "b", "cover.first: not heard, attempt 2", "cover.succeeded"]);
  expect(found[2]).toMatchObject({ lane: "delivery", tone: "bad", data: { status: 503 } });
  expect(points([], NONE)).toEqual([]);
});

const TRACK = { number: 1, audio_url: "there", content_type: "audio/mpeg", alternative: false } as Track;
const COVER = { id: "c", state: "running", stage: "first", name: "Fog", title: null, lyrics: null, request: { source: { object: "uploads/x" }, title: "Fog" }, tracks: [TRACK] };
const cover = (change: object = {}) => ({ ...COVER, ...change }) as Cover;

test("what can be heard is offered: the takes that are kept, beside the song if it came to us", () => {
  const waiting = { ...TRACK, number: 2, audio_url: null };
  expect(offers(cover({ tracks: [TRACK, waiting] })).map(({ name, file }) => [name, file])).toEqual([
    ["Source", "Fog, source"],
    ["Take 1", "Fog 1"],
  ]);
  expect(offers(cover({ tracks: [waiting] }))).toEqual([]);
  expect(offers(cover({ request: { source: { url: "https://a.example/a.mp3" } } })).map(({ name }) => name)).toEqual(["Take 1"]);
});

test("steps follow state and stage, and what is over says so", () => {
  expect(done(cover({ state: "submitting", stage: "none" }))).toBe(0);
  expect(done(cover())).toBe(3);
  expect(done(cover({ state: "succeeded", stage: "complete" }))).toBe(5);
  expect(told(cover({ stage: "text" }))).toBe("Past the words…");
  expect(told(cover({ stage: "text", lyrics: "la" }))).toBe("The words are there…");
  expect(told(cover({ state: "failed", stage: "none" }))).toBe("It failed.");
});

const sound = (currentTime: number, paused: boolean, duration = 100) => {
  const calls: string[] = [];
  const play = async () => void calls.push("play");
  return { currentTime, paused, duration, calls, play, pause: () => void calls.push("pause") };
};

test("the next sound goes on where the one before stood, silent if it was silent", () => {
  const [from, to] = [sound(42, false), sound(0, true)];
  handOver(from, to);
  expect([to.currentTime, to.calls, from.calls]).toEqual([42, ["play"], ["pause"]]);
  const quiet = sound(0, true);
  handOver(sound(7, true), quiet);
  expect([quiet.currentTime, quiet.calls]).toEqual([7, []]);
});

test("who pauses before a sound begins makes no error, and what cannot be played does", async () => {
  const fails = (name: string) => ({ ...sound(0, true), play: () => Promise.reject(new DOMException("no", name)) });
  await expect(play(fails("AbortError"))).resolves.toBeUndefined();
  await expect(play(fails("NotSupportedError"))).rejects.toThrow("no");
});

test("a shorter sound is entered at its end, and a sound that is heard already is left alone", () => {
  const short = sound(0, true, 30);
  handOver(sound(42, false), short);
  expect(short.currentTime).toBeCloseTo(29.95);
  const same = sound(5, false);
  handOver(same, same);
  expect(same.calls).toEqual([]);
  expect([suffixOf("audio/wav"), suffixOf("audio/mpeg; x"), suffixOf(null)]).toEqual(["wav", "mp3", "mp3"]);
});

test("a month's pages are added up, the dearest first", async () => {
  const row = (provider: string, covers: number, usd: number) => ({
    provider, covers, succeeded: 1, failed: covers - 1, estimated_usd: usd, delivered_usd: usd / 2, undelivered_usd: 0, open_usd: usd / 2,
  });
  const pages = [
    { providers: [row("kie", 2, 0.25), row("studio", 9, 0)], budget: null, next_cursor: "more" },
    { providers: [row("kie", 1, 0.25), row("aimlapi", 1, 0.75)], budget: { limit_usd: 5, committed_usd: 1 }, next_cursor: null },
  ];
  const asked: (string | null)[] = [];
  const { rows, budget } = await wholeMonth((cursor) => (asked.push(cursor), Promise.resolve(pages[asked.length - 1]!)));
  expect(asked).toEqual([null, "more"]);
  expect(rows.map(({ provider, covers, estimated_usd }) => [provider, covers, estimated_usd])).toEqual([["aimlapi", 1, 0.75], ["kie", 3, 0.5], ["studio", 9, 0]]);
  expect(rows[1]).toMatchObject({ succeeded: 2, failed: 1, delivered_usd: 0.25, open_usd: 0.25 });
  expect(budget).toEqual({ limit_usd: 5, committed_usd: 1 });
});

test("months go back over the year's end, by UTC", () => {
  expect(months(new Date("2027-02-28T23:30:00-05:00"), 4)).toEqual(["2027-03", "2027-02", "2027-01", "2026-12"]);
});

test("numbers are for readers", () => {
  expect([clock(0), clock(187.5), clock(-1)]).toEqual(["0:00", "3:07", "0:00"]);
  expect([usd(0), usd(0.06), usd(0.195), usd(1.5)]).toEqual(["free", "$0.06", "$0.195", "$1.50"]);
  expect(since("2026-11-20T12:00:00Z", "2026-11-20T12:01:05.4Z")).toBe("+1 min 5 s");
});

test("a drawing has the loudest of each stretch", () => {
  expect(thin(Float32Array.from([0, -0.5, 0.25, 0, 1, 0]), 3)).toEqual([0.5, 0.25, 1]);
});

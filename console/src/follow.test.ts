import { expect, test, vi } from "vitest";
import { type Cover, Problem } from "./api";
import { follow, patiently, pause } from "./follow";

const at = (version: number, state: Cover["state"] = "running") => ({ version, state }) as Cover;

/** An API that gives these answers, one after the other, and remembers what it was asked. */
function answering(...answers: (Cover | null | Error)[]) {
  const cover = vi.fn(async (_id: string, _wait?: number, _known?: number, _signal?: AbortSignal) => {
    const next = answers.shift();
    if (next === undefined) throw new Error("asked once too often");
    if (next instanceof Error) throw next;
    return next;
  });
  return { cover };
}

async function followed(api: ReturnType<typeof answering>, sleeps: number[] = []) {
  const seen = [];
  const sleep = async (ms: number) => void sleeps.push(ms);
  for await (const cover of follow(api, "id", new AbortController().signal, sleep)) seen.push(cover.version);
  return seen;
}

test("each version is told once, and the end ends it", async () => {
  const api = answering(at(1), null, at(2), at(2), at(3, "succeeded"));
  expect(await followed(api)).toEqual([1, 2, 3]);
});

test("the first answer comes at once; then the server waits for what is new", async () => {
  const api = answering(at(4), at(5, "failed"));
  await followed(api);
  expect(api.cover.mock.calls.map(([, wait, known]) => [wait, known])).toEqual([[0, undefined], [20, 4]]);
});

test("what may pass is asked again, ever more slowly; the server's own word counts more", async () => {
  const sleeps: number[] = [];
  const api = answering(new Problem(0, "no net"), new Problem(503, "busy"), new Problem(429, "slow", 7), at(1, "canceled"));
  expect(await followed(api, sleeps)).toEqual([1]);
  expect(sleeps).toEqual([500, 1000, 7000]);
  expect(pause(20, null)).toBe(30_000);
});

test("what is refused for good is told at once", async () => {
  await expect(followed(answering(new Problem(404, "no such cover")))).rejects.toThrow("no such cover");
  await expect(patiently(() => Promise.reject(new Problem(403, "no")), async () => {})).rejects.toThrow("no");
});

test("patience has an end", async () => {
  const work = vi.fn(() => Promise.reject(new Problem(503, "busy")));
  await expect(patiently(work, async () => {}, 2)).rejects.toThrow("busy");
  expect(work).toHaveBeenCalledTimes(3);
});

test("nobody is asked any more once the page is left", async () => {
  const stop = new AbortController();
  const api = answering(at(1), at(2));
  for await (const _ of follow(api, "id", stop.signal, async () => {})) stop.abort();
  expect(api.cover).toHaveBeenCalledTimes(1);
});

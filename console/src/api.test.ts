import { afterEach, expect, test, vi } from "vitest";
import { Api, Problem, problemOf } from "./api";
import { start } from "./order";
import { parse } from "./route";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}) {
  const heard = vi.fn(async (_path: string, _init: RequestInit) => new Response(status === 304 ? null : JSON.stringify(body), { status, headers }));
  vi.stubGlobal("fetch", heard);
  return heard;
}

test("the key travels in a header and nowhere else", async () => {
  const heard = answer(200, { covers: [], next_cursor: null });
  await new Api("rk_1").covers("failed", "c1");
  const [path, init] = heard.mock.calls[0]!;
  expect(path).toBe("/v1/covers?limit=20&state=failed&cursor=c1");
  expect(init.headers).toEqual({ Authorization: "Bearer rk_1" });
});

test("a version that is known already is no news", async () => {
  const heard = answer(304);
  expect(await new Api("k").cover("id", 20, 7)).toBeNull();
  expect(heard.mock.calls[0]![1].headers).toMatchObject({ "If-None-Match": '"7"' });
});

test("a refusal is told by its fields, else in the API's words, else by its number", async () => {
  const errors = [{ field: "style", message: "too long" }, { field: "voice", message: "required" }];
  expect((await problemOf(new Response(JSON.stringify({ detail: "d", errors })))).message).toBe("style: too long; voice: required");
  expect((await problemOf(new Response(JSON.stringify({ detail: "no room" })))).message).toBe("no room");
  expect((await problemOf(new Response("<Error/>", { status: 403 }))).message).toBe("The answer was 403.");
});

test("a minute that is full says how long to wait", async () => {
  answer(429, { detail: "too many" }, { "Retry-After": "12" });
  await expect(new Api("k").providers()).rejects.toMatchObject({ status: 429, retryAfter: 12 });
});

test("no answer is a problem too", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("net")));
  await expect(new Api("k").providers()).rejects.toEqual(new Problem(0, "No answer. Is the network there?"));
});

test("the same order keeps its Idempotency-Key; another wish is another order of the same upload", () => {
  const song = { file: new File(["x"], "a.mp3") };
  const first = start(song, { style: "folk" }, null);
  first.upload = "u1";
  expect(start(song, { style: "folk" }, first)).toBe(first);
  const second = start(song, { style: "jazz" }, first);
  expect([second.key === first.key, second.upload]).toEqual([false, "u1"]);
  expect(start({ file: new File(["y"], "b.mp3") }, { style: "folk" }, first).upload).toBeNull();
});

test("places are kept after the #, and what is no place is the first page", () => {
  expect(parse("#/covers/abc")).toEqual({ page: "cover", id: "abc" });
  expect(parse("#/covers")).toEqual({ page: "covers" });
  expect([parse(""), parse("#/nowhere")]).toEqual([{ page: "new" }, { page: "new" }]);
});

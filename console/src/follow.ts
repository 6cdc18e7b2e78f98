/** A cover until it has ended, as the API means it: each request waits on the server for a change. */

import { type Api, type Cover, Problem } from "./api";

const WAIT_SECONDS = 20;
const LONGEST_PAUSE = 30_000;

export const ended = (cover: Cover) => ["succeeded", "failed", "canceled"].includes(cover.state);

/** Milliseconds before the next request after so many failures in a row. The server's own word goes first. */
export function pause(failures: number, retryAfter: number | null): number {
  return retryAfter ? retryAfter * 1000 : Math.min(500 * 2 ** failures, LONGEST_PAUSE);
}

/** Whether asking again may help: what is refused for good stays refused. */
export const passing = (error: unknown) =>
  error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 500);

export async function* follow(
  api: Pick<Api, "cover">,
  id: string,
  signal: AbortSignal,
  sleep: (ms: number) => Promise<void> = wait,
): AsyncGenerator<Cover> {
  let known: Cover | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const found = await api.cover(id, known ? WAIT_SECONDS : 0, known?.version, signal);
      failures = 0;
      // An answer without news came at once only if the server does not wait: do not hammer it.
      if (!found || found.version === known?.version) await sleep(500);
      else yield (known = found);
      if (known && ended(known)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!passing(error)) throw error;
      await sleep(pause(failures++, (error as Problem).retryAfter));
    }
  }
}

/** The same request a few times more, where that may help. */
export async function patiently<T>(work: () => Promise<T>, sleep = wait, most = 4): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!passing(error) || failures >= most) throw error;
      await sleep(pause(failures, (error as Problem).retryAfter));
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise<void>((resolve) => setTimeout(resolve, ms));
}

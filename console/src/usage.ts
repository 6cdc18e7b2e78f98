/** What covers came to, by provider. Sums of estimates by price lists, as each cover tells them: never a bill. Pure. */

import type { Cover } from "./api";

export interface Row {
  provider: string;
  covers: number;
  succeeded: number;
  failed: number;
  usd: number;
}

export function byProvider(covers: Cover[]): Row[] {
  const rows = new Map<string, Row>();
  for (const cover of covers) {
    const row = rows.get(cover.provider) ?? { provider: cover.provider, covers: 0, succeeded: 0, failed: 0, usd: 0 };
    row.covers += 1;
    row.succeeded += Number(cover.state === "succeeded");
    row.failed += Number(cover.state === "failed");
    row.usd += cover.estimated_usd;
    rows.set(cover.provider, row);
  }
  return [...rows.values()].sort((a, b) => b.usd - a.usd || b.covers - a.covers);
}

/** Runs `work` on each, at most `most` at a time: an API key may have so many requests a minute. */
export async function each<T, R>(items: T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const mine = next++;
      done[mine] = await work(items[mine] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return done;
}

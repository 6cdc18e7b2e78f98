/** What a month came to, by provider: pages of the API added up. Estimates by price lists, never a bill. */

import type { Usage, UsagePage } from "./api";

export interface Month {
  rows: Usage[];
  budget: UsagePage["budget"];
}

type Page = Pick<UsagePage, "providers" | "budget" | "next_cursor">;

const SUMS = ["covers", "succeeded", "failed", "estimated_usd", "delivered_usd", "undelivered_usd", "open_usd"] as const;

/** The dearest first. `page` asks for one, from a cursor on. */
export async function wholeMonth(page: (cursor: string | null) => Promise<Page>): Promise<Month> {
  const rows = new Map<string, Usage>();
  let found = await page(null);
  for (;;) {
    for (const one of found.providers) rows.set(one.provider, sum(rows.get(one.provider), one));
    if (!found.next_cursor) break;
    found = await page(found.next_cursor);
  }
  return { rows: [...rows.values()].sort((a, b) => b.estimated_usd - a.estimated_usd || b.covers - a.covers), budget: found.budget };
}

function sum(one: Usage | undefined, other: Usage): Usage {
  if (!one) return other;
  return { ...one, ...Object.fromEntries(SUMS.map((name) => [name, one[name] + other[name]])) };
}

/** `2026-11`, of UTC, and so many before it. */
export function months(now: Date, count: number): string[] {
  const at = (back: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
  return Array.from({ length: count }, (_, back) => at(back).toISOString().slice(0, 7));
}

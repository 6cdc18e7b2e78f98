/** What the players of a page are doing, by their own word, and how to wait for it. */

import type { Page } from "playwright-core";

export interface Player {
  ready: number;
  at: number;
  paused: boolean;
  length: number;
}

export const players = (page: Page): Promise<Player[]> =>
  page.$$eval("audio", (all) => all.map((one) => ({ ready: one.readyState, at: one.currentTime, paused: one.paused, length: one.duration })));

export async function until<T>(look: () => Promise<T>, good: (value: T) => boolean, seconds = 120): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

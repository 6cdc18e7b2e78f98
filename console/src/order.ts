/** One order: the song goes to the inbox, then the wish to the API. Asked again, it is the same order, paid once. */

import type { Api, Cover } from "./api";
import type { Song } from "./song-field";
import { post } from "./upload";

export interface Started {
  song: Exclude<Song, null>;
  words: string;
  key: string;
  upload: string | null;
}

/** Goes on with `before` where nothing has changed since: its upload and its Idempotency-Key. */
export function start(song: Exclude<Song, null>, wish: object, before: Started | null): Started {
  const words = JSON.stringify(wish);
  const sameSong = before?.song === song;
  if (before && sameSong && before.words === words) return before;
  return { song, words, key: crypto.randomUUID(), upload: sameSong ? before.upload : null };
}

export async function send(api: Api, order: Started, onProgress: (share: number) => void): Promise<Cover> {
  const { song } = order;
  if ("file" in song && !order.upload) {
    const ticket = await api.ticket(song.file.name);
    await post(ticket, song.file, onProgress);
    order.upload = ticket.upload;
  }
  const source = "url" in song ? { url: song.url } : { upload: order.upload, name: song.file.name };
  return api.create({ source, ...(JSON.parse(order.words) as object) }, order.key);
}

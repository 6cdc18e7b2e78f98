/** All covers, newest first, a page at a time. */

import { useState } from "preact/hooks";
import { type Api, STATES, type State, type Summary } from "./api";
import { when } from "./format";
import { useLoaded } from "./loading";
import { nameOf } from "./name";
import { Badge } from "./stages";

export function Covers({ api }: { api: Api }) {
  const [state, setState] = useState<State | "">("");
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  const cursor = cursors.at(-1) ?? null;
  const found = useLoaded((signal) => api.covers(state, cursor, 20, signal), [api, state, cursor]);
  const next = found.value?.next_cursor;
  return (
    <>
      <div class="head">
        <h1>Covers</h1>
        <label for="state">
          <span class="hint">Show</span>{" "}
          <select id="state" value={state} onChange={({ currentTarget }) => (setState(currentTarget.value as State | ""), setCursors([null]))}>
            <option value="">all</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </div>
      {found.error && <p class="fault" role="alert">{found.error.message}</p>}
      <ul class="covers" aria-label="Covers" aria-busy={!found.value}>
        {found.value?.covers.map((cover) => <Row key={cover.id} cover={cover} />)}
      </ul>
      {found.value?.covers.length === 0 && <p class="empty">{state ? `None is ${state}.` : "None yet. Drop a song and make one."}</p>}
      {(cursors.length > 1 || next) && (
        <nav class="pages" aria-label="Pages">
          <button type="button" disabled={cursors.length === 1} onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </button>
          <button type="button" disabled={!next} onClick={() => next && setCursors([...cursors, next])}>
            Older
          </button>
        </nav>
      )}
    </>
  );
}

function Row({ cover }: { cover: Summary }) {
  return (
    <li>
      <a href={`#/covers/${cover.id}`}>
        <strong>{nameOf(cover)}</strong>
        <Badge state={cover.state} />
        <span class="hint">
          {cover.provider} · {when(cover.created_at)}
        </span>
      </a>
    </li>
  );
}

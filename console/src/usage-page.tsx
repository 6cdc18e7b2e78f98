/** What covers came to, by provider: added up here, of the newest covers that the period has. */

import { useState } from "preact/hooks";
import type { Api, Cover, Summary } from "./api";
import { patiently } from "./follow";
import { usd } from "./format";
import { useLoaded } from "./loading";
import { type Row, byProvider, each } from "./usage";

const MOST = 200;
const AT_ONCE = 4;
const DAYS = [7, 30, 90];

export function Usage({ api }: { api: Api }) {
  const [days, setDays] = useState(30);
  const { value, error } = useLoaded((signal) => coversOf(api, days, signal), [api, days]);
  const rows = value ? byProvider(value) : [];
  const total = rows.reduce((sum, row) => sum + row.usd, 0);
  return (
    <>
      <div class="head">
        <h1>Usage</h1>
        <label for="days">
          <span class="hint">Of the last</span>{" "}
          <select id="days" value={String(days)} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
            {DAYS.map((one) => (
              <option key={one} value={String(one)}>
                {one} days
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <p class="fault" role="alert">{error.message}</p>}
      {!value && !error && <p class="hint" role="status">Adding up…</p>}
      {value?.length === 0 && <p class="empty">No covers in these days.</p>}
      {rows.length > 0 && <Chart rows={rows} total={total} />}
      {value && value.length > 0 && (
        <p class="hint">
          Estimates by price lists, never a bill.
          {value.length >= MOST && ` The newest ${MOST} covers are counted; there are more.`}
        </p>
      )}
    </>
  );
}

function Chart({ rows, total }: { rows: Row[]; total: number }) {
  const dearest = Math.max(...rows.map((row) => row.usd));
  const busiest = Math.max(...rows.map((row) => row.covers));
  return (
    <table class="chart">
      <caption class="unseen">Covers and estimated money by provider</caption>
      <thead>
        <tr>
          <th scope="col">Provider</th>
          <th scope="col">Estimated</th>
          <th scope="col">Covers</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.provider}>
            <th scope="row">{row.provider}</th>
            <td>
              <Bar parts={[["money", row.usd]]} most={dearest} /> {usd(row.usd)}
            </td>
            <td>
              <Bar parts={partsOf(row)} most={busiest} /> {row.covers}
              <span class="hint">{row.failed > 0 && ` (${row.failed} failed)`}</span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">All</th>
          <td>{usd(total)}</td>
          <td>{rows.reduce((sum, row) => sum + row.covers, 0)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

const partsOf = (row: Row): [string, number][] => [
  ["good", row.succeeded],
  ["bad", row.failed],
  ["rest", row.covers - row.succeeded - row.failed],
];

function Bar({ parts, most }: { parts: [string, number][]; most: number }) {
  let at = 0;
  return (
    <svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(([kind, amount]) => {
        const width = most > 0 ? (100 * amount) / most : 0;
        at += width;
        return <rect key={kind} class={kind} x={at - width} width={width} height={10} />;
      })}
    </svg>
  );
}

interface Page {
  covers: Summary[];
  next_cursor: string | null;
}

/** The list does not tell prices, so each cover is read: a few at a time, and a full minute is waited for. */
async function coversOf(api: Api, days: number, signal: AbortSignal): Promise<Cover[]> {
  const from = Date.now() - days * 86_400_000;
  const found: Summary[] = [];
  let cursor: string | null = null;
  do {
    const at: string | null = cursor;
    const page: Page = await patiently(() => api.covers("", at, 100, signal));
    found.push(...page.covers.filter((one) => Date.parse(one.created_at) >= from));
    const oldest = page.covers.at(-1);
    cursor = oldest && Date.parse(oldest.created_at) < from ? null : page.next_cursor;
  } while (cursor && found.length < MOST);
  const read = await each(found.slice(0, MOST), AT_ONCE, ({ id }) => patiently(() => api.cover(id, 0, undefined, signal)));
  return read.filter((one): one is Cover => one !== null);
}

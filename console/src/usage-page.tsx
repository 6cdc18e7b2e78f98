/** What a month's covers came to, by provider. */

import { useState } from "preact/hooks";
import type { Api, Usage as Row } from "./api";
import { patiently } from "./follow";
import { monthName, usd } from "./format";
import { useLoaded } from "./loading";
import { type Month, months, wholeMonth } from "./usage";

const MONTHS = 12;

export function Usage({ api }: { api: Api }) {
  const [known] = useState(() => months(new Date(), MONTHS));
  const [month, setMonth] = useState(known[0]!);
  const { value, error } = useLoaded((signal) => load(api, month, signal), [api, month]);
  const here = value?.of === month ? value : undefined;
  return (
    <>
      <div class="head">
        <h1>Usage</h1>
        <label for="month">
          <span class="hint">Of</span>{" "}
          <select id="month" value={month} onChange={({ currentTarget }) => setMonth(currentTarget.value)}>
            {known.map((one) => (
              <option key={one} value={one}>
                {monthName(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <p class="fault" role="alert">{error.message}</p>}
      {!here && !error && <p class="hint" role="status">Adding up…</p>}
      {here?.rows.length === 0 && <p class="empty">No covers in {monthName(month)}.</p>}
      {here && here.rows.length > 0 && <Chart rows={here.rows} />}
      {here?.budget && (
        <p>
          Of this key's {usd(here.budget.limit_usd)} a month, {usd(here.budget.committed_usd)} are gone or put by.
        </p>
      )}
      {here && here.rows.length > 0 && (
        <p class="hint">
          Estimates by price lists, never a bill. <Key kind="good" /> bought takes. <Key kind="bad" /> bought none: look for a refund at the
          provider. <Key kind="rest" /> is open: under way, or nobody knows.
        </p>
      )}
    </>
  );
}

const load = async (api: Api, month: string, signal: AbortSignal): Promise<Month & { of: string }> => ({
  ...(await wholeMonth((cursor) => patiently(() => api.usage(month, cursor, signal)))),
  of: month,
});

function Chart({ rows }: { rows: Row[] }) {
  const dearest = Math.max(...rows.map((row) => row.estimated_usd));
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
              <Bar parts={moneyOf(row)} most={dearest} /> {usd(row.estimated_usd)}
              <span class="hint">{inWords(row)}</span>
            </td>
            <td>
              <Bar parts={coversOf(row)} most={busiest} /> {row.covers}
              <span class="hint">{row.failed > 0 && ` (${row.failed} failed)`}</span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">All</th>
          <td>{usd(rows.reduce((sum, row) => sum + row.estimated_usd, 0))}</td>
          <td>{rows.reduce((sum, row) => sum + row.covers, 0)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

const moneyOf = (row: Row): [string, number][] => [
  ["good", row.delivered_usd],
  ["bad", row.undelivered_usd],
  ["rest", row.open_usd],
];

const coversOf = (row: Row): [string, number][] => [
  ["good", row.succeeded],
  ["bad", row.failed],
  ["rest", row.covers - row.succeeded - row.failed],
];

/** For those who do not see colours: what of it bought no takes, or is open. */
function inWords(row: Row): string {
  const parts = [row.undelivered_usd > 0 && `${usd(row.undelivered_usd)} for nothing`, row.open_usd > 0 && `${usd(row.open_usd)} open`];
  const said = parts.filter(Boolean).join(", ");
  return said && ` (${said})`;
}

const Key = ({ kind }: { kind: string }) => (
  <svg class="key" viewBox="0 0 10 10" role="img" aria-label={{ good: "Green", bad: "Red", rest: "Grey" }[kind]}>
    <rect class={kind} width={10} height={10} rx={2} />
  </svg>
);

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

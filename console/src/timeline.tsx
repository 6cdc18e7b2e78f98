/** Why: each line of a cover's story on the lane of whose doing it was, drawn as one line from top to bottom. */

import { useState } from "preact/hooks";
import type { Api, Cover } from "./api";
import { since, when } from "./format";
import { LANES, LANE_WORDS, type Lane, type Point, points } from "./lanes";
import { useLoaded } from "./loading";

const STEP = 18;
const x = (lane: Lane) => STEP / 2 + LANES.indexOf(lane) * STEP;

export function Timeline({ api, cover }: { api: Api; cover: Cover }) {
  const { value, error } = useLoaded(
    async (signal) => points(...(await Promise.all([api.timeline(cover.id, signal), api.deliveries(cover.id, signal)]))),
    [api, cover.id, cover.version],
  );
  const lines = value ?? [];
  return (
    <section class="timeline" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {error && <p class="fault">{error.message}</p>}
      <ul class="lanes" aria-label="Lanes">
        {LANES.map((lane) => (
          <li key={lane} class={lane}>
            {LANE_WORDS[lane]}
          </li>
        ))}
      </ul>
      <ol class="lines">
        {lines.map((point, index) => (
          <Line key={`${point.at} ${point.type} ${index}`} point={point} start={lines[0]!.at} before={lines[index - 1]} last={index === lines.length - 1} />
        ))}
      </ol>
    </section>
  );
}

interface LineProps {
  point: Point;
  start: string;
  before: Point | undefined;
  last: boolean;
}

function Line({ point, start, before, last }: LineProps) {
  const [open, setOpen] = useState(false);
  const id = `line-${point.at}-${point.type}`.replace(/\W/g, "-");
  return (
    <li class={`line ${point.tone} ${point.lane}`}>
      <Drawn from={before?.lane} to={point.lane} last={last} />
      <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)} title={tip(point)}>
        <time dateTime={point.at}>{since(start, point.at)}</time>
        <span class="message">{point.message}</span>
        <span class="unseen">{LANE_WORDS[point.lane]}</span>
      </button>
      <div id={id} class="detail" hidden={!open}>
        <Detail point={point} />
      </div>
    </li>
  );
}

/** From the lane before, down to this one; the dot says where the story stands. */
function Drawn({ from, to, last }: { from: Lane | undefined; to: Lane; last: boolean }) {
  const width = LANES.length * STEP;
  const here = x(to);
  return (
    <div class="drawn" aria-hidden="true">
      {!last && (
        <svg class="rest" width={width} height="100%" viewBox={`0 0 ${width} 10`} preserveAspectRatio="none">
          <path d={`M${here} 0V10`} />
        </svg>
      )}
      <svg width={width} height={22} viewBox={`0 0 ${width} 22`}>
        {from && <path d={`M${x(from)} 0C${x(from)} 9 ${here} 7 ${here} 16`} />}
        <circle cx={here} cy={16} r={6} />
      </svg>
    </div>
  );
}

const facts = (point: Point): [string, string][] => [
  ["line", point.type],
  ["at", when(point.at)],
  ...Object.entries(point.data).map(([name, value]): [string, string] => [name.replaceAll("_", " "), text(value)]),
];

/** What a hand that rests on a line is shown; a press keeps it open. */
const tip = (point: Point): string => facts(point).map(([name, value]) => `${name}: ${value}`).join("\n");

function Detail({ point }: { point: Point }) {
  return (
    <dl>
      {facts(point).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

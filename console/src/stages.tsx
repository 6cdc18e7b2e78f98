/** How far a cover is: as a word, and as steps. */

import type { Cover, State } from "./api";

export function Badge({ state }: { state: State }) {
  return <span class={`badge ${state}`}>{state}</span>;
}

const STEPS = ["Ordered", "Taken", "Words", "First take", "All takes", "Kept"];
const RANK = { none: 1, text: 2, first: 3, complete: 4 };

/** The index of the last step that is done. */
export function done(cover: Pick<Cover, "state" | "stage">): number {
  if (cover.state === "succeeded") return 5;
  if (cover.state === "queued" || cover.state === "submitting") return 0;
  return cover.state === "failed" && cover.stage === "none" ? 0 : RANK[cover.stage];
}

const WAITING = ["Asking the provider", "The provider is at work", "The words are there", "The first take is there", "Copying the takes", "Done"];

/** What a reader of the screen is told whenever it changes. */
export function told(cover: Cover): string {
  if (cover.state === "failed") return "It failed.";
  if (cover.state === "canceled") return "It was canceled.";
  const step = done(cover);
  return step === 2 && !cover.lyrics ? "Past the words…" : `${WAITING[step]}${step === 5 ? "." : "…"}`;
}

export function Stages({ cover }: { cover: Cover }) {
  const last = done(cover);
  const over = cover.state === "failed" || cover.state === "canceled";
  return (
    <>
      <ol class={`stages${over ? " over" : ""}`} aria-label="Stages">
        {STEPS.map((name, index) => (
          <li key={name} class={index <= last ? "done" : index === last + 1 && !over ? "next" : ""} aria-current={index === last ? "step" : undefined}>
            {name}
          </li>
        ))}
      </ol>
      <p class={cover.state === "succeeded" ? "unseen" : "hint"} role="status">
        {told(cover)}
      </p>
    </>
  );
}

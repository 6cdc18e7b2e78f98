/** The timeline as lanes: which line of it is whose doing. Pure. */

import type { Attempt, Entry, Sent } from "./api";

export const LANES = ["job", "submit", "callback", "poll", "transfer", "delivery"] as const;
export type Lane = (typeof LANES)[number];

export const LANE_WORDS: Record<Lane, string> = {
  job: "Cover",
  submit: "Submit",
  callback: "Callbacks",
  poll: "Polls",
  transfer: "Transfers",
  delivery: "Deliveries",
};

export interface Point {
  lane: Lane;
  at: string;
  type: string;
  message: string;
  tone: "plain" | "good" | "bad" | "late";
  data: Record<string, unknown>;
}

const OWNERS: Record<string, Lane> = { submit: "submit", callback: "callback", poll: "poll", track: "transfer" };

export function laneOf(type: string): Lane {
  const words = type.split(".");
  if (words[0] === "late") return words.includes("poll") ? "poll" : "callback";
  return OWNERS[words[0] ?? ""] ?? "job";
}

const BAD = ["cover.failed", "submit.refused", "submit.unknown", "track.lost", "track.unusable", "callback.failed", "poll.failed"];
const GOOD = ["cover.succeeded", "cover.first", "track.kept", "submit.accepted"];

export function toneOf(type: string): Point["tone"] {
  if (type.startsWith("late.")) return "late";
  if (BAD.includes(type)) return "bad";
  return GOOD.includes(type) ? "good" : "plain";
}

/** Lines and deliveries in the order in which they happened; equal times keep the timeline's own order. */
export function points(entries: Entry[], sent: Sent): Point[] {
  const lines = [...entries]
    .sort((a, b) => a.sequence - b.sequence)
    .map(({ type, message, at, data }): Point => ({ lane: laneOf(type), at, type, message, tone: toneOf(type), data }));
  const posts = [
    ...sent.deliveries.flatMap((one) => one.attempts.map((attempt) => posted(one.event.type, one.webhook, attempt))),
    ...sent.callbacks.map((attempt) => posted(attempt.about, "client", attempt)),
  ];
  return [...lines, ...posts].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function posted(about: string, to: string, attempt: Attempt): Point {
  const heard = attempt.status !== null && attempt.status < 300;
  const { at, number, status, ms, reason } = attempt;
  return {
    lane: "delivery",
    at,
    type: to === "client" ? "client callback" : "webhook",
    message: `${about}: ${heard ? "heard" : "not heard"}${number > 1 ? `, attempt ${number}` : ""}`,
    tone: heard ? "good" : "bad",
    data: { to, status, ms, ...(reason && { reason }) },
  };
}

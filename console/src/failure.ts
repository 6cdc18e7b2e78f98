/** Failures in plain words, with what to do: the table of docs/api.md. */

export interface Advice {
  what: string;
  todo: string;
}

const SAME: Advice = {
  what: "Nobody knows whether the provider took the job, and the key's month has no room to pay for it again.",
  todo: "Look at the provider's own list of tasks. When there is room again, retry.",
};
const LATER: Advice = { what: "The provider was too busy or down.", todo: "Retry later. Nothing was bought." };
const OWNER: Advice = {
  what: "The provider does not accept the account's key.",
  todo: "Whoever runs this gateway puts a working key into Parameter Store; then retry.",
};
const PATIENCE: Advice = {
  what: "The music did not arrive in time.",
  todo: "Retry: it asks for what was made already before anything is bought again.",
};

export const ADVICE: Record<string, Advice> = {
  "fix-request": { what: "The provider cannot do it as it was asked for.", todo: "Change the song or the words. A retry gives the same." },
  "content-refused": { what: "The provider refuses this song or these words.", todo: "Change the song or the words. A retry gives the same." },
  "source-unfetchable": {
    what: "The provider could not fetch the song.",
    todo: "Upload the song here, or give a link that lives for an hour; then order it anew.",
  },
  "no-credit": { what: "The account at the provider is empty.", todo: "Whoever runs this gateway tops it up; then retry." },
  auth: OWNER,
  "rate-limited": LATER,
  "retry-later": LATER,
  deadline: PATIENCE,
  "audio-unavailable": { ...PATIENCE, what: "The provider made it, but none of its links gave the music." },
  "submit-unknown": {
    what: "The provider never said whether it took the job. It was not sent again, so as not to pay twice.",
    todo: "Look at the provider's own list of tasks. A retry pays again, unless the task was heard of since.",
  },
  "budget-spent": SAME,
};

export const advise = (reason: string): Advice =>
  ADVICE[reason] ?? { what: "It failed for a reason that this page does not know.", todo: "The message below is the provider's own." };

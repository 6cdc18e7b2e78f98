/** Numbers and times for readers, in the browser's language where it has a say. */

export const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** Cents where there are any: a cover costs a few. */
export const usd = (amount: number): string =>
  amount === 0 ? "free" : `$${amount.toFixed(amount < 1 ? 3 : 2).replace(/(\.\d\d)0$/, "$1")}`;

/** `November 2026` of `2026-11`. */
export const monthName = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleString(undefined, { month: "long", year: "numeric", timeZone: "UTC" });

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export const when = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Since the first line: `+0.4 s`, `+12 s`, `+3 min 5 s`. */
export function since(start: string, iso: string): string {
  const seconds = (Date.parse(iso) - Date.parse(start)) / 1000;
  if (seconds < 10) return `+${seconds.toFixed(1)} s`;
  if (seconds < 60) return `+${Math.round(seconds)} s`;
  return `+${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** The API's words, as far as the console uses them (docs/api.md), and the one place that calls it. */

export type State = "queued" | "submitting" | "running" | "archiving" | "succeeded" | "failed" | "canceled";
export const STATES: State[] = ["queued", "submitting", "running", "archiving", "succeeded", "failed", "canceled"];
export type Stage = "none" | "text" | "first" | "complete";

export interface Summary {
  id: string;
  state: State;
  stage: Stage;
  provider: string;
  title: string | null;
  name: string | null;
  created_at: string;
}

export interface Track {
  number: number;
  status: "waiting" | "copying" | "kept" | "lost";
  title: string | null;
  audio_url: string | null;
  duration_seconds: number | null;
  bytes: number | null;
  content_type: string | null;
  reason: string | null;
  alternative: boolean;
}

export interface Failure {
  reason: string;
  message: string;
  retryable: boolean;
  code: string | null;
}

export interface Asked {
  source: { url?: string; object?: string; name?: string };
  style?: string;
  prompt?: string;
  title?: string;
  voice?: string;
}

export interface Cover extends Summary {
  version: number;
  updated_at: string;
  deadline_at: string;
  retry_of: string | null;
  request: Asked;
  dropped: string[];
  model: string | null;
  estimated_usd: number;
  lyrics: string | null;
  tracks: Track[];
  failure: Failure | null;
}

export interface Entry {
  sequence: number;
  at: string;
  type: string;
  message: string;
  state: State;
  event: number | null;
  data: Record<string, unknown>;
}

export interface Attempt {
  number: number;
  at: string;
  status: number | null;
  ms: number | null;
  reason: string | null;
}

/** An event on its way to one webhook endpoint, which `webhook` names; `job` is the cover's own URL. */
export interface Delivery {
  id: string;
  event: { type: string };
  webhook: string;
  attempts: Attempt[];
}

/** What was sent: events to webhooks, and words to the callback URL of a vendor's client. */
export interface Sent {
  deliveries: Delivery[];
  callbacks: (Attempt & { about: string })[];
}

export interface Provider {
  provider: string;
  enabled: boolean;
  reason: string | null;
  healthy: boolean;
  fields: string[];
  required: string[];
  modes: boolean;
  estimated_usd: number | null;
}

/** Of one provider; money in USD by price lists, never a bill. */
export interface Usage {
  provider: string;
  covers: number;
  succeeded: number;
  failed: number;
  estimated_usd: number;
  delivered_usd: number;
  undelivered_usd: number;
  open_usd: number;
}

export interface UsagePage {
  month: string;
  providers: Usage[];
  budget: { limit_usd: number; committed_usd: number } | null;
  next_cursor: string | null;
}

export interface Ticket {
  upload: string;
  url: string;
  fields: Record<string, string>;
  max_bytes: number;
}

interface Fault {
  field: string;
  message: string;
}

/** A refusal in the API's own words. `status` 0: nobody answered. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

export class Api {
  constructor(private readonly key: string) {}

  /** `known`: the version that the caller has; null says that it is still the newest. */
  async cover(id: string, wait = 0, known?: number, signal?: AbortSignal): Promise<Cover | null> {
    const headers: Record<string, string> = known === undefined ? {} : { "If-None-Match": `"${known}"` };
    const answer = await this.send(`/v1/covers/${id}${wait ? `?wait=${wait}` : ""}`, { headers }, signal);
    return answer.status === 304 ? null : ((await answer.json()) as Cover);
  }

  covers(state: State | "", cursor: string | null, limit = 20, signal?: AbortSignal) {
    const query = new URLSearchParams({ limit: String(limit), ...(state && { state }), ...(cursor && { cursor }) });
    return this.get<{ covers: Summary[]; next_cursor: string | null }>(`/v1/covers?${query}`, signal);
  }

  async timeline(id: string, signal?: AbortSignal): Promise<Entry[]> {
    return (await this.get<{ entries: Entry[] }>(`/v1/covers/${id}/timeline`, signal)).entries;
  }

  deliveries(id: string, signal?: AbortSignal): Promise<Sent> {
    return this.get<Sent>(`/v1/covers/${id}/deliveries`, signal);
  }

  async providers(signal?: AbortSignal): Promise<Provider[]> {
    return (await this.get<{ providers: Provider[] }>("/v1/providers", signal)).providers;
  }

  /** A page of a month's usage: `month` is `2026-11`. */
  usage(month: string, cursor: string | null, signal?: AbortSignal): Promise<UsagePage> {
    return this.get<UsagePage>(`/v1/usage?${new URLSearchParams({ month, ...(cursor && { cursor }) })}`, signal);
  }

  /** The names of MusicGPT's voices, which its own dialect tells. */
  async voices(words: string, signal?: AbortSignal): Promise<{ voice_id: string; voice_name: string }[]> {
    const path = words ? `searchVoices?query=${encodeURIComponent(words)}` : "getAllVoices?limit=20";
    return (await this.get<{ voices: { voice_id: string; voice_name: string }[] }>(`/musicgpt/${path}`, signal)).voices;
  }

  /** A song or a take, by way of the bucket. */
  async sound(path: string, signal?: AbortSignal): Promise<Blob> {
    return (await this.send(path, {}, signal)).blob();
  }

  create(wish: object, idempotencyKey: string) {
    return this.post<Cover>("/v1/covers", wish, { "Idempotency-Key": idempotencyKey });
  }

  ticket(filename: string) {
    return this.post<Ticket>("/v1/uploads", { filename });
  }

  cancel(id: string) {
    return this.post<Cover>(`/v1/covers/${id}/cancel`, {});
  }

  retry(id: string) {
    return this.post<Cover>(`/v1/covers/${id}/retry`, {});
  }

  private async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await this.send(path, {}, signal)).json() as Promise<T>;
  }

  private async post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    const init = { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } };
    return (await this.send(path, init)).json() as Promise<T>;
  }

  private async send(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), Authorization: `Bearer ${this.key}` };
    const asked = { ...init, headers, ...(signal && { signal }) };
    const answer = await fetch(path, asked).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Problem(0, "No answer. Is the network there?");
    });
    if (answer.ok || answer.status === 304) return answer;
    throw await problemOf(answer);
  }
}

/** Each fault names its field; a bucket answers in XML, which is for no reader. */
export async function problemOf(answer: Response): Promise<Problem> {
  const told = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string; errors?: Fault[] };
  const faults = told.errors?.map((fault) => `${fault.field}: ${fault.message}`).join("; ");
  const words = faults || told.detail || told.title || `The answer was ${answer.status}.`;
  const seconds = Number(answer.headers.get("Retry-After"));
  return new Problem(answer.status, words, seconds > 0 ? seconds : null);
}

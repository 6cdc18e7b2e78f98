/** One cover: where it is, what it sounds like, and why. */

import { useEffect, useState } from "preact/hooks";
import type { Api, Cover, Problem } from "./api";
import { advise } from "./failure";
import { ended, follow } from "./follow";
import { usd, when } from "./format";
import { Listen } from "./listen";
import { nameOf } from "./name";
import { go } from "./route";
import { Badge, Stages } from "./stages";
import { Timeline } from "./timeline";

export function CoverPage({ api, id }: { api: Api; id: string }) {
  const [cover, setCover] = useState<Cover>();
  const [fault, setFault] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const watch = async () => {
      for await (const news of follow(api, id, stop.signal)) setCover(news);
    };
    watch().catch((error: Problem) => !stop.signal.aborted && setFault(error.message));
    return () => stop.abort();
  }, [api, id, round]);
  const act = async (work: () => Promise<Cover>) => {
    setFault("");
    try {
      const told = await work();
      if (told.id === id) setRound(round + 1);
      else go(`covers/${told.id}`);
    } catch (error) {
      setFault((error as Problem).message);
    }
  };
  return (
    <article class="cover">
      <h1>{cover ? nameOf(cover) : "Cover"}</h1>
      {fault && <p class="fault" role="alert">{fault}</p>}
      {!cover && !fault && <p class="hint">Loading…</p>}
      {cover && (
        <>
          <Facts cover={cover} />
          <Stages cover={cover} />
          {cover.failure && <Failed cover={cover} />}
          <Actions cover={cover} cancel={() => act(() => api.cancel(id))} retry={() => act(() => api.retry(id))} />
          <Listen api={api} cover={cover} />
          {cover.lyrics && (
            <details>
              <summary>Words</summary>
              <p class="lyrics">{cover.lyrics}</p>
            </details>
          )}
          <Timeline api={api} cover={cover} />
        </>
      )}
    </article>
  );
}

function Facts({ cover }: { cover: Cover }) {
  const { style, prompt, voice } = cover.request;
  const facts: [string, string | null | undefined][] = [
    ["Style", style || prompt],
    ["Voice", voice],
    ["Provider", cover.provider],
    ["Model", cover.model],
    ["Estimated", cover.estimated_usd ? usd(cover.estimated_usd) : "nothing"],
    ["Ordered", when(cover.created_at)],
    ["Left out", cover.dropped.join(", ")],
  ];
  return (
    <dl class="facts">
      <div>
        <dt>State</dt>
        <dd>
          <Badge state={cover.state} />
        </dd>
      </div>
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Failed({ cover }: { cover: Cover }) {
  const failure = cover.failure;
  if (!failure) return null;
  const { what, todo } = advise(failure.reason);
  return (
    <section class="failure" aria-labelledby="failed">
      <h2 id="failed">{what}</h2>
      <p>{todo}</p>
      <p class="hint">
        {cover.provider}: “{failure.message}” ({failure.reason}
        {failure.code && `, ${failure.code}`})
      </p>
    </section>
  );
}

function Actions({ cover, cancel, retry }: { cover: Cover; cancel: () => void; retry: () => void }) {
  const again = cover.state === "canceled" || cover.failure?.retryable;
  if (ended(cover) && !again) return null;
  return (
    <div class="actions">
      {again && (
        <button type="button" onClick={retry}>
          Retry
        </button>
      )}
      {!ended(cover) && (
        <button class="quiet" type="button" onClick={cancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

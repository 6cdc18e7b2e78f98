/** One answer of the API in a component: asked for when `keys` change, forgotten when it leaves. */

import { type Inputs, useEffect, useState } from "preact/hooks";

export interface Loaded<T> {
  value: T | undefined;
  error: Error | undefined;
}

export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, keys: Inputs): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal)
      .then((value) => !stop.signal.aborted && setState({ value, error: undefined }))
      .catch((error: Error) => !stop.signal.aborted && setState((before) => ({ ...before, error })));
    return () => stop.abort();
  }, keys);
  return state;
}

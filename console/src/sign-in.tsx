/** The one page without an API key. A key is tried before it is kept. */

import { useState } from "preact/hooks";
import { Api, type Problem } from "./api";
import { Mark } from "./mark";

const WRONG: Record<number, string> = {
  401: "This key is not known here.",
  403: "This key may not read covers. It takes the scope read.",
};

export function SignIn({ enter }: { enter: (key: string) => void }) {
  const [key, setKey] = useState("");
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await new Api(key.trim()).covers("", null, 1);
      enter(key.trim());
    } catch (error) {
      const problem = error as Problem;
      setFault(WRONG[problem.status] ?? problem.message);
      setBusy(false);
    }
  };
  return (
    <main class="gate">
      <form class="card" onSubmit={submit}>
        <h1>
          <Mark /> Reprise
        </h1>
        <p>Order covers, watch them come, and listen.</p>
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          required
          value={key}
          aria-invalid={fault ? true : undefined}
          aria-describedby="key-hint"
          onInput={(event) => (setKey(event.currentTarget.value), setFault(""))}
        />
        <p id="key-hint" class="hint">
          It stays in this tab and is forgotten when the tab closes. <code>reprise keys create</code> makes one.
        </p>
        {fault && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <button class="main" disabled={busy || !key.trim()}>
          {busy ? "Looking…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

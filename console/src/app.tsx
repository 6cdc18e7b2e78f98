/** The frame: who is signed in, and which page is open. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Api } from "./api";
import { CoverPage } from "./cover";
import { Covers } from "./covers";
import { Mark } from "./mark";
import { NewCover } from "./new-cover";
import { type Route, useRoute } from "./route";
import { session } from "./session";
import { SignIn } from "./sign-in";
import { Usage } from "./usage-page";

export function App() {
  const [key, setKey] = useState(session.read);
  const api = useMemo(() => (key ? new Api(key) : null), [key]);
  const enter = (found: string) => {
    session.write(found);
    setKey(found);
  };
  const leave = () => {
    session.clear();
    setKey(null);
  };
  return api ? <Inside api={api} leave={leave} /> : <SignIn enter={enter} />;
}

const PAGES = [
  ["new", "New cover"],
  ["covers", "Covers"],
  ["usage", "Usage"],
] as const;

function Inside({ api, leave }: { api: Api; leave: () => void }) {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const where = route.page === "cover" ? route.id : route.page;
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus(); // a reader of the screen hears that the page changed
    first.current = false;
    scrollTo(0, 0);
  }, [where]);
  const open = route.page === "cover" ? "covers" : route.page;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the page
      </a>
      <header class="bar">
        <a class="brand" href="#/new" aria-label="Reprise, new cover">
          <Mark /> <span>Reprise</span>
        </a>
        <nav aria-label="Console">
          {PAGES.map(([page, words]) => (
            <a key={page} href={`#/${page}`} aria-current={open === page ? "page" : undefined}>
              {words}
            </a>
          ))}
        </nav>
        <button class="quiet" type="button" onClick={leave}>
          Sign out
        </button>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Page key={where} route={route} api={api} />
      </main>
    </>
  );
}

function Page({ route, api }: { route: Route; api: Api }) {
  if (route.page === "cover") return <CoverPage api={api} id={route.id} />;
  if (route.page === "covers") return <Covers api={api} />;
  return route.page === "usage" ? <Usage api={api} /> : <NewCover api={api} />;
}

/** Where in the console: kept after `#`, which no server ever sees. */

import { useEffect, useState } from "preact/hooks";

export type Route = { page: "new" } | { page: "covers" } | { page: "usage" } | { page: "cover"; id: string };

export function parse(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, "").split("/");
  if (page === "covers" && id) return { page: "cover", id };
  if (page === "covers" || page === "usage") return { page };
  return { page: "new" };
}

export const go = (path: string): void => void (location.hash = `/${path}`);

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const turn = () => setRoute(parse(location.hash));
    addEventListener("hashchange", turn);
    return () => removeEventListener("hashchange", turn);
  }, []);
  return route;
}

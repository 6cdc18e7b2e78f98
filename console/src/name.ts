import type { Cover } from "./api";

/** What a reader calls a cover: its title, else the wish that it was made of. */
export const nameOf = ({ request, title }: Pick<Cover, "request" | "title">): string =>
  request.title || title || request.style || request.prompt || "Untitled";

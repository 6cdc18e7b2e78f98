import type { Summary } from "./api";

/** What a reader calls a cover: its title, else its song and the wish, as the API says. */
export const nameOf = ({ name }: Pick<Summary, "name">): string => name || "Untitled";

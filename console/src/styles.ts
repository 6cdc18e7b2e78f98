/** The studio's styles, out of its own pages of numbers: their titles find them, since the studio reads free text. */

const pages = import.meta.glob<string>("../../studio/styles/*.toml", { query: "?raw", import: "default", eager: true });

export interface Style {
  title: string;
  about: string;
}

export const STYLES: Style[] = Object.values(pages).map(styleOf);

export function styleOf(toml: string): Style {
  const text = (name: string) => new RegExp(`^${name} = "(.*)"$`, "m").exec(toml)?.[1];
  const title = text("title");
  const about = text("about");
  if (!title || !about) throw new Error("a style without a title or a line about it");
  return { title, about };
}

/** The API key, for as long as this tab lives: in no URL, no cookie, no other tab. */

const NAME = "reprise-api-key";

export const session = {
  read: (): string | null => sessionStorage.getItem(NAME),
  write: (key: string): void => sessionStorage.setItem(NAME, key),
  clear: (): void => sessionStorage.removeItem(NAME),
};

/** Free text, and the studio's styles to begin with: any provider understands their names. */

import { STYLES } from "./styles";

export function StyleField({ style, choose }: { style: string; choose: (style: string) => void }) {
  return (
    <div class="field">
      <label for="style">Style</label>
      <textarea
        id="style"
        rows={2}
        maxLength={1000}
        placeholder="dreamy lo-fi with a soft piano"
        value={style}
        onInput={({ currentTarget }) => choose(currentTarget.value)}
      />
      <div class="chips" role="group" aria-label="Styles of the studio">
        {STYLES.map(({ title, about }) => (
          <button key={title} type="button" title={about} aria-pressed={style === title} onClick={() => choose(style === title ? "" : title)}>
            {title}
          </button>
        ))}
      </div>
    </div>
  );
}

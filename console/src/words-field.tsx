/** Sung words: none, one's own, or whatever the provider finds; with words of one's own or none, a title. */

import type { Able, Form, Words } from "./wish";

const CHOICES: [Words, string, keyof Able][] = [
  ["none", "Instrumental", "instrumental"],
  ["own", "My words", "lyrics"],
  ["auto", "Any words", "style"],
];

export function WordsField({ form, can, set }: { form: Form; can: Able; set: (change: Partial<Form>) => void }) {
  return (
    <>
      <fieldset class="segments">
        <legend>Words</legend>
        {CHOICES.filter(([, , field]) => can[field]).map(([words, name]) => (
          <label key={words}>
            <input type="radio" name="words" checked={form.words === words} onChange={() => set({ words })} />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {form.words === "own" && can.lyrics && (
        <div class="field">
          <label for="lyrics">Lyrics</label>
          <textarea id="lyrics" rows={6} value={form.lyrics} onInput={({ currentTarget }) => set({ lyrics: currentTarget.value })} />
        </div>
      )}
      {form.words !== "auto" && (
        <div class="field">
          <label for="title">
            Title <span class="hint">(the style, if left empty)</span>
          </label>
          <input id="title" maxLength={80} value={form.title} onInput={({ currentTarget }) => set({ title: currentTarget.value })} />
        </div>
      )}
    </>
  );
}

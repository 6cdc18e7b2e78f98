/** Where a song is dropped, chosen, or linked to. */

import { useState } from "preact/hooks";
import { megabytes } from "./format";

export type Song = { file: File } | { url: string } | null;

const KINDS = ".mp3,.wav,.flac,.ogg,.m4a,.aac,audio/*";

export function SongField({ song, choose }: { song: Song; choose: (song: Song) => void }) {
  const [over, setOver] = useState(false);
  const [linked, setLinked] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) choose({ file });
  };
  const file = song && "file" in song ? song.file : null;
  return (
    <fieldset class="song">
      <legend>Song</legend>
      {linked ? (
        <>
          <label for="link">Link to the song</label>
          <input
            id="link"
            type="url"
            pattern="https://.+"
            placeholder="https://…"
            onInput={({ currentTarget }) => choose(currentTarget.validity.valid && currentTarget.value ? { url: currentTarget.value } : null)}
          />
        </>
      ) : (
        <label
          class={`drop${over ? " over" : ""}${file ? " full" : ""}`}
          onDragOver={(event) => (event.preventDefault(), setOver(true))}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <input
            id="song"
            class="unseen"
            type="file"
            accept={KINDS}
            onChange={({ currentTarget }) => currentTarget.files?.[0] && choose({ file: currentTarget.files[0] })}
          />
          <strong>{file ? file.name : "Drop a song here, or choose one"}</strong>
          <span class="hint">{file ? `${megabytes(file.size)}. Drop another to change it` : "mp3, wav, flac, ogg, m4a, aac; up to 100 MB"}</span>
        </label>
      )}
      <button class="quiet" type="button" onClick={() => (setLinked(!linked), choose(null))}>
        {linked ? "Drop a file instead" : "Use a link instead"}
      </button>
    </fieldset>
  );
}

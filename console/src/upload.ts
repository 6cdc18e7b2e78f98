/** A song on its way into the inbox: fetch() cannot say how far it is, so XMLHttpRequest does. */

import { Problem, type Ticket } from "./api";

export function post(ticket: Ticket, song: File, onProgress: (share: number) => void): Promise<void> {
  if (song.size > ticket.max_bytes) {
    return Promise.reject(new Problem(413, `The song is larger than ${Math.floor(ticket.max_bytes / 1e6)} MB.`));
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
  form.append("file", song);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", ticket.url);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Problem(request.status, `The inbox refused the song (${request.status}).`));
    };
    request.onerror = () => reject(new Problem(0, "The song could not be sent. Is the network there?"));
    request.send(form);
  });
}

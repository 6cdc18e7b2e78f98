/** The running stack, and its fake of kie.ai, which can be told to misbehave. */

import { readFileSync } from "node:fs";

const file = process.env["STACK_FILE"];
if (!file) throw new Error("STACK_FILE says where the stack is: `make console-e2e` starts one");

interface Told {
  api_url: string;
  api_key: string;
  aws_endpoint: string;
  simulators: { kie: string };
  studio: string | null;
}

export const stack = JSON.parse(readFileSync(file, "utf8")) as Told;
export const SONG = process.env["SONG_FILE"] ?? "";
export const CONSOLE = `${stack.api_url}/console`;

export async function misbehave(faults: object): Promise<void> {
  const answer = await fetch(`${stack.simulators.kie}/_control/faults`, { method: "POST", body: JSON.stringify(faults) });
  if (!answer.ok) throw new Error(`kie's fake: ${answer.status}`);
}

export async function behave(): Promise<void> {
  await fetch(`${stack.simulators.kie}/_control/faults`, { method: "DELETE" });
}

export async function order(title: string, upload: string, provider = "kie"): Promise<{ id: string; state: string }> {
  const wish = { source: { upload }, provider, style: "folk", title, instrumental: true };
  return post("/v1/covers", wish);
}

/** One without a title, of a song that has a name. */
export async function untitled(upload: string): Promise<void> {
  await post("/v1/covers", { source: { upload, name: "harbour fog.mp3" }, provider: "kie", style: "Lo-fi", instrumental: true });
}

export async function post<T>(path: string, body: object): Promise<T> {
  const headers = { Authorization: `Bearer ${stack.api_key}`, "Content-Type": "application/json" };
  const answer = await fetch(stack.api_url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The song in the inbox, without the console. */
export async function uploaded(): Promise<string> {
  const ticket = await post<{ upload: string; url: string; fields: Record<string, string> }>("/v1/uploads", { filename: "song.mp3" });
  const form = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value);
  form.append("file", new Blob([readFileSync(SONG)]), "song.mp3");
  const answer = await fetch(ticket.url, { method: "POST", body: form });
  if (!answer.ok) throw new Error(`the inbox: ${answer.status}`);
  return ticket.upload;
}

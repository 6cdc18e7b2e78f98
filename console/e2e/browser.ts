/** A real Chromium that keeps account of what must not happen, and what the tests ask a page for. */

import axe from "axe-core";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { CONSOLE, SONG, stack } from "./stack";

const PLACES = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const SHOTS = resolve("../out/console");

export function launch(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("no Chromium: install one (Debian: apt-get install chromium) or name it in CHROMIUM");
  return chromium.launch({ executablePath, headless: true, args: [...QUIET, "--disable-component-update", "--disable-sync"] });
}

/** What went wrong behind the page's back: errors, what the policy refused, requests that lead elsewhere. */
export const faults: string[] = [];

export async function open(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a busy machine is slow, not broken
  const homes = [stack.api_url, stack.aws_endpoint];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (line) => /Content Security Policy/.test(line.text()) && faults.push(line.text()));
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith("http") && !homes.some((home) => url.startsWith(home))) faults.push(`asked elsewhere: ${url}`);
    if (url.includes(stack.api_key)) faults.push(`the key is in a URL: ${url}`);
  });
  await page.goto(CONSOLE);
  return page;
}

/** What the API told this page about covers from now on, in order, as it came: `await` the function's own answer. */
export function answersAbout(page: Page): () => Promise<{ state: string; stage: "none" | "text" | "first" | "complete" }[]> {
  const told: Promise<never>[] = [];
  page.on("response", (answer) => {
    const about = /\/v1\/covers\/[0-9a-f]{32}(\?wait=\d+)?$/.test(answer.url());
    if (about && answer.request().method() === "GET" && answer.status() === 200) told.push(answer.json() as Promise<never>);
  });
  return () => Promise.all(told);
}

export async function signIn(page: Page, key = stack.api_key): Promise<void> {
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** As a hand drops it: the browser builds the file, the page hears the event. */
export async function drop(page: Page): Promise<void> {
  const content = readFileSync(SONG).toString("base64");
  const transfer = await page.evaluateHandle((text) => {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], "harbour fog.mp3", { type: "audio/mpeg" }));
    return held;
  }, content);
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true, animations: "disabled" });
}

/**
 * What axe finds serious or critical, each with where. It would copy the styles of shadow roots into the page, where the
 * policy refuses them: `preload` off. That leaves out its look for styles that lock the orientation; there are none.
 */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, { preload: false }));
  const grave = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  return grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** How far the page is wider than what is seen of it, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

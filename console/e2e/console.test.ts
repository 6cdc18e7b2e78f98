/** A musician's hour with the console: real Chromium, real API, a fake of kie.ai that sells the takes. */

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answersAbout, barriers, drop, faults, launch, open, overflow, shoot, signIn } from "./browser";
import { players, until } from "./listening";
import { SONG, behave, misbehave, order, stack, untitled, uploaded } from "./stack";

let browser: Browser;
let page: Page;
let cover = "";

beforeAll(async () => {
  browser = await launch();
  page = await open(browser);
});

afterAll(async () => {
  await behave();
  await browser?.close();
});

const STAGES = { none: "The provider is at work…", text: "Past the words…", first: "The first take is there…", complete: "Copying the takes…" };

/** What a page should say of a cover, as the API tells it. */
function stageOf({ state, stage }: { state: string; stage: keyof typeof STAGES }): string {
  if (state === "succeeded") return "Done.";
  return state === "queued" || state === "submitting" ? "Asking the provider…" : STAGES[stage];
}

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

const heard = () => players(page);
const playing = async () => (await heard()).findIndex((one) => !one.paused);

test("a key that is not known is refused in words, and nothing is kept", async () => {
  await shoot(page, "sign-in");
  expect(await barriers(page)).toEqual([]);
  await signIn(page, "rk_nobody");
  expect(await page.getByRole("alert").innerText()).toBe("This key is not known here.");
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("a known key opens the console, and stays out of URLs, cookies and other tabs", async () => {
  await signIn(page);
  await heading("New cover").waitFor();
  expect(page.url()).not.toContain(stack.api_key);
  expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(["", 0]);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel("API key").waitFor();
  await other.close();
});

test("a dropped song becomes a cover, and each stage is told as it comes", async () => {
  await page.evaluate(() => {
    const told: string[] = [];
    (window as unknown as { told: string[] }).told = told;
    new MutationObserver(() => {
      const words = document.querySelector(".cover [role=status]")?.textContent;
      if (words && told.at(-1) !== words) told.push(words);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  expect(await page.getByRole("button", { name: "Make the cover" }).isDisabled()).toBe(true);
  await drop(page);
  await page.getByText("harbour fog.mp3").waitFor();
  await page.getByLabel("Provider", { exact: true }).selectOption("kie");
  await page.getByRole("button", { name: "Lo-fi", exact: true }).click();
  expect(await page.getByLabel("Style", { exact: true }).inputValue()).toBe("Lo-fi");
  await page.getByLabel(/Title/).fill("Harbour Fog");
  await shoot(page, "new");
  expect(await barriers(page)).toEqual([]);
  await misbehave({ delay_callbacks: { first: 3, complete: 6 } }); // so that each stage lasts, on a busy machine too
  const answers = answersAbout(page);
  await page.getByRole("button", { name: "Make the cover" }).click();
  await heading("Harbour Fog").waitFor();
  cover = page.url();
  await page.locator(".facts .badge.succeeded").waitFor();
  await behave();
  const words = (await answers()).map(stageOf).filter((one, place, all) => one !== all[place - 1]);
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
  expect(told.filter((one) => words.includes(one))).toEqual(words); // all that the API told, when and as it told it
  expect(words.at(-1)).toBe("Done.");
  const order = ["The provider is at work…", "Past the words…", "The first take is there…", "Copying the takes…", "Done."];
  const seen = words.map((one) => order.indexOf(one)).filter((place) => place >= 0);
  expect(seen).toEqual([...seen].sort());
  expect(words).toContain("The first take is there…");
});

test("the song and both takes are drawn, and can be played", async () => {
  const ready = await until(heard, (all) => all.length === 3 && all.every((one) => one.ready >= 3));
  expect(ready.every((one) => one.length > 5)).toBe(true);
  const inked = () =>
    page.$$eval(".drawing > div", (all) =>
      all.map((one) => {
        const canvas = one.shadowRoot?.querySelector("canvas");
        const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return pixels.some((value) => value > 0);
      }),
    );
  await until(inked, (all) => all.length === 3 && all.every(Boolean));
  await page.getByRole("button", { name: "Play" }).click();
  const [, take] = await until(heard, (all) => (all[1]?.at ?? 0) > 0.8);
  expect(take?.paused).toBe(false);
});

test("another take goes on where the one before stood", async () => {
  const before = (await heard())[1]!.at;
  await page.getByRole("radio", { name: "Take 2" }).check();
  await until(playing, (index) => index === 2);
  const [, first, second] = await heard();
  expect(first!.paused).toBe(true);
  expect(second!.at).toBeGreaterThanOrEqual(before);
  expect(second!.at - first!.at).toBeLessThan(1);
  await page.keyboard.press("1");
  await until(playing, (index) => index === 0);
  expect(Math.abs((await heard())[0]!.at - (await heard())[2]!.at)).toBeLessThan(1);
  await page.getByLabel("Position").fill("3");
  expect((await heard())[0]!.at).toBeGreaterThanOrEqual(2.9);
  await page.getByRole("button", { name: "Pause" }).click();
  expect(await playing()).toBe(-1);
});

test("a take is saved under the cover's name", async () => {
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download Take 1" }).click()]);
  expect(saved.suggestedFilename()).toBe("Harbour Fog 1.mp3");
});

test("the timeline is a line through its lanes, and each point tells more when asked", async () => {
  const lines = page.locator(".line");
  for (const lane of ["job", "submit", "callback", "transfer"]) expect(await page.locator(`.line.${lane}`).count()).toBeGreaterThan(0);
  expect(await page.locator(".line path").count()).toBe(2 * (await lines.count()) - 2);
  const taken = page.getByRole("button", { name: /kie took the job/ }).first();
  await taken.focus();
  await page.keyboard.press("Enter");
  expect(await taken.getAttribute("aria-expanded")).toBe("true");
  expect(await page.locator(".detail:visible").innerText()).toMatch(/task id\s+\w+/);
  await page.keyboard.press("Enter");
  await shoot(page, "cover");
  expect(await barriers(page)).toEqual([]);
});

test("a failure says in plain words what to do", async () => {
  await misbehave({ submit: "402" });
  const { id, state } = await order("Paper Boats", await uploaded());
  expect(state).toBe("failed");
  await page.goto(`${page.url().split("#")[0]}#/covers/${id}`);
  await page.getByRole("heading", { name: "The account at the provider is empty." }).waitFor();
  expect(await page.locator(".failure").innerText()).toContain("tops it up; then retry");
  await page.locator(".line.bad").first().waitFor();
  await shoot(page, "failed");
  expect(await barriers(page)).toEqual([]);
});

test("the list is filtered and paged", async () => {
  const upload = await uploaded();
  for (let number = 1; number <= 20; number++) await order(`Paper Boats ${number}`, upload);
  await behave();
  await page.getByRole("link", { name: "Covers" }).click();
  const rows: Locator = page.locator(".covers li");
  await until(() => rows.count(), (count) => count === 20);
  await page.getByRole("button", { name: "Older" }).click();
  await until(() => rows.count(), (count) => count === 2);
  expect(await rows.last().innerText()).toContain("Harbour Fog");
  await page.getByRole("button", { name: "Newer" }).click();
  await page.getByLabel("Show").selectOption("succeeded");
  await until(() => rows.count(), (count) => count === 1);
  expect(await rows.first().innerText()).toContain("Harbour Fog");
  await page.getByLabel("Show").selectOption("canceled");
  await page.getByText("None is canceled.").waitFor();
  await page.getByLabel("Show").selectOption("");
  await until(() => rows.count(), (count) => count === 20);
  await untitled(await uploaded());
  await page.reload();
  await until(() => rows.first().innerText(), (text) => text.includes("harbour fog - Lo-fi"));
  await shoot(page, "covers");
  expect(await barriers(page)).toEqual([]);
});

test("usage adds up what each provider came to", async () => {
  await order("Night Ferry", await uploaded(), "sunoapi");
  await page.getByRole("link", { name: "Usage" }).click();
  const row = page.getByRole("row", { name: /^kie/ });
  await row.waitFor();
  await page.getByRole("row", { name: /^sunoapi/ }).waitFor();
  expect(await row.innerText()).toMatch(/\$0\.12.*\s23\s+\(21 failed\)/s);
  await page.locator("#month").selectOption({ index: 1 });
  await page.getByText(/^No covers in \w+ \d{4}\.$/).waitFor();
  await page.locator("#month").selectOption({ index: 0 });
  await row.waitFor();
  await shoot(page, "usage");
  expect(await barriers(page)).toEqual([]);
});

test("all of it works without a mouse", async () => {
  const other = await open(browser);
  const chooser = other.waitForEvent("filechooser", { timeout: 0 }); // heard from now on: told at the press, the browser may be too late
  const press = async (key: string, times = 1) => {
    for (let index = 0; index < times; index++) await other.keyboard.press(key);
  };
  const focused = () => other.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || "");
  const tabTo = async (what: string | RegExp) => {
    for (let index = 0; index < 60; index++) {
      if ((await focused()).match(what)) return;
      await press("Tab");
    }
    throw new Error(`no way to ${what}`);
  };
  await tabTo(/^key$/);
  await other.keyboard.type(stack.api_key);
  await press("Enter");
  await other.getByRole("heading", { name: "New cover" }).waitFor();
  await tabTo(/^song$/);
  await press("Space");
  await (await chooser).setFiles(SONG);
  await tabTo(/^provider$/);
  await other.keyboard.type("kie");
  await tabTo(/^style$/);
  await other.keyboard.type("slow folk with an accordion");
  await tabTo(/^Make the cover$/);
  await press("Enter");
  await other.locator(".facts .badge.succeeded").waitFor();
  await other.locator(".play:enabled").waitFor();
  await other.locator("main").focus();
  for (let index = 0; index < 30 && !(await other.evaluate(() => document.activeElement?.matches(".play"))); index++) await press("Tab");
  await press("Space");
  await until(() => players(other), (all) => all.some(({ at }) => at > 0.3));
  await other.context().close();
});

for (const scheme of ["light", "dark"] as const) {
  test(`on a phone nothing is cut off and nobody is shut out, ${scheme}`, async () => {
    const phone = await open(browser, { viewport: { width: 390, height: 844 }, colorScheme: scheme, hasTouch: true, reducedMotion: "reduce" });
    await signIn(phone);
    for (const [name, hash, there] of [
      ["new", "#/new", ".order"],
      ["covers", "#/covers", ".covers li"],
      ["usage", "#/usage", ".chart"],
      ["cover", new URL(cover).hash, ".play:enabled"],
    ] as const) {
      await phone.evaluate((where) => void (location.hash = where), hash);
      await phone.locator(there).first().waitFor();
      if (name === "cover") await phone.locator(".line").last().waitFor();
      expect(await overflow(phone), name).toBe(0);
      expect(await barriers(phone), name).toEqual([]);
      await shoot(phone, `phone-${name}-${scheme}`);
    }
    await phone.context().close();
  });
}

test("in the dark, on a wide screen", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(cover);
  await page.locator(".play:enabled").waitFor();
  await page.locator(".line").last().waitFor();
  await until(() => page.locator(".drawing > div").count(), (count) => count === 3);
  await shoot(page, "cover-dark");
  expect(await barriers(page)).toEqual([]);
});

test("signing out forgets the key", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("nothing failed behind the page's back, and nobody else was asked for anything", () => {
  expect(faults).toEqual([]);
});

// What people do, in their own words: each function is one person at one page.

import { until } from "./wait.mjs";
import { LAPTOP, TABLET, WALL, open } from "./browser.mjs";

/** How long anything may take that is not itself being measured. */
export const SOON = 10_000;

export const act = (page, name) => page.locator(`[data-action="${name}"]:visible`).first();

/** The chair opens the meeting. */
export async function openMeeting(chair) {
  await act(chair, "chair-open").click();
  await act(chair, "chair-open-yes").click();
  await until("the meeting to be open", SOON, async () => !(await chair.locator('[data-action="chair-open"]').count()));
}

/** The chair adjourns. */
export async function closeMeeting(chair) {
  await act(chair, "chair-close").click();
  await act(chair, "chair-close-yes").click();
}

/** The facilitator goes on to the next step until the room is at `step`. */
export async function advanceTo(facilitator, step) {
  const current = () =>
    facilitator.locator('[data-state="now"][data-step]').getAttribute("data-step", { timeout: 500 }).catch(() => "0");
  for (let at = Number(await current()); at < step; at = Number(await current())) {
    await act(facilitator, "next-step").click();
    await facilitator.locator('[data-confirm]:visible').click();
    await until(`step ${at + 1}`, SOON, async () => Number(await current()) > at);
  }
}

/** A room with its chair and facilitator in their places, at `step`. */
export async function roomAt(browser, server, step) {
  const chair = await open(browser, server.links.chair, TABLET);
  const facilitator = await open(browser, server.links.facilitator, LAPTOP);
  await openMeeting(chair);
  await advanceTo(facilitator, step);
  return { chair, facilitator };
}

/** The wall, showing `scene`. */
export async function wallShowing(browser, server, facilitator, scene) {
  const wall = await open(browser, server.links.screen, WALL);
  await act(facilitator, `show-${scene}`).click();
  await wall.locator(`[data-scene="${scene}"]`).first().waitFor({ timeout: SOON });
  return wall;
}

/** A new note in a column, open with the caret in it; its id. */
export async function newNote(page, column = 0) {
  const before = await notes(page);
  await page.locator(`.column[data-column="${column}"] [data-action="new-note"]`).click();
  await page.locator("textarea:focus").waitFor({ timeout: SOON });
  return until("a new note", SOON, async () => (await notes(page)).find((id) => !before.includes(id)));
}

/** The ids of all notes on the page. */
export const notes = (page) =>
  page.locator("article[data-note]").evaluateAll((all) => all.map((note) => note.dataset.note));

/** What a note says on this page, be it open or closed. */
export const saying = (page, note) =>
  page.evaluate((id) => {
    const found = document.querySelector(`[data-note="${id}"]`);
    const field = found?.querySelector("textarea");
    if (field) return field.value;
    const words = (found?.querySelector(".note-text") ?? found)?.cloneNode(true);
    // The wall says first which column it is.
    words?.querySelector(".wall-note-column")?.remove();
    return words?.textContent?.trim();
  }, note);

/** Waits until a note's sign says *lagret*. */
export const saved = (page, note) =>
  page.locator(`[data-note="${note}"] .save[data-state="saved"]`).waitFor({ timeout: SOON, state: "attached" });

/** Opens somebody's note for writing. */
export async function openNote(page, note) {
  await page.locator(`[data-note="${note}"] [data-action="edit-note"]`).click();
  await page.locator(`[data-note="${note}"] textarea:focus`).waitFor({ timeout: SOON });
}

/** What a note's sign says of how far it has come: `typed`, `device`, `sent` or `saved`. */
export const sign = (page, note) =>
  page.evaluate((id) => document.querySelector(`[data-note="${id}"] .save`)?.dataset.state, note);

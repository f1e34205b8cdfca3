// Must show 9: a whole meeting in the browser, looked at by axe in every state, with one member who has only a keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LAPTOP, PHONE, PORTRAIT, TABLET, launch, open, violations } from "../lib/browser.mjs";
import { SOON, act, advanceTo, closeMeeting, openMeeting, saved, wallShowing } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

const VOTERS = 4;

let server, browser;
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Both schemes: contrast is where they differ. */
async function clean(state, ...pages) {
  for (const page of pages) {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const found = await violations(page);
      assert.deepEqual(found, [], `${state}, ${new URL(page.url()).pathname}, ${colorScheme}`);
    }
  }
}

/** Moves the focus with Tab until it is on what `selector` says. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`Tab never reached ${selector}`);
}

const step = (page, number) => page.locator(`[data-step="${number}"]`).first().waitFor({ timeout: SOON, state: "attached" });

test("a meeting from the first welcome to the adjournment", async (t) => {
  const start = await open(browser, server.links.base, TABLET);
  await start.locator("h1").first().waitFor({ timeout: SOON });
  const chair = await open(browser, server.links.chair, TABLET);
  const lead = await open(browser, server.links.facilitator, LAPTOP);
  const keys = await open(browser, server.seat(1, 0), TABLET);
  const portrait = await open(browser, server.seat(2, 0), PORTRAIT);
  const follow = await open(browser, server.links.spectator, PHONE);
  const wall = await wallShowing(browser, server, lead, "joining");
  const all = [chair, lead, keys, portrait, follow, wall];
  await act(chair, "chair-open").waitFor({ timeout: SOON });

  await t.test("before the meeting", () => clean("before", start, ...all));

  await openMeeting(chair);
  await advanceTo(lead, 1);
  await step(keys, 1);
  await t.test("the welcome", () => clean("welcome", ...all));

  await t.test("a draft is written and shared with the keyboard alone", async () => {
    await advanceTo(lead, 3);
    await step(keys, 3);
    if (!(await keys.locator("[data-draft] textarea").count())) {
      await tabTo(keys, '[data-action="new-draft"]');
      await keys.keyboard.press("Enter");
    } else {
      await tabTo(keys, "[data-draft] textarea");
    }
    await keys.locator("[data-draft] textarea:focus").waitFor({ timeout: SOON });
    await keys.keyboard.type("Kollektivtilbudet er dårligere enn jeg trodde");
    await clean("draft", keys, portrait);
    await tabTo(keys, '[data-action="share"]');
    await keys.keyboard.press("Enter");
    await tabTo(keys, '[data-action="share-in"]');
    await keys.keyboard.press("Enter");
    await until("the draft to be gone from the pad", SOON, async () => {
      return !(await keys.locator("[data-draft] textarea").evaluateAll((all) => all.map((one) => one.value).join(""))).includes("Kollektiv");
    });
  });

  await t.test("a note is written, followed by another, moved, taken away and brought back with the keyboard alone", async () => {
    await advanceTo(lead, 4);
    await step(keys, 4);
    await keys.locator("article[data-note]").first().waitFor({ timeout: SOON });
    await tabTo(keys, '[data-action="new-note"]');
    await keys.keyboard.press("Enter");
    await keys.locator("textarea:focus").waitFor({ timeout: SOON });
    await keys.keyboard.type("Hvorfor flytter de unge?");
    await keys.keyboard.press("Enter");
    await keys.keyboard.type("Hva koster en ny skole?");
    const second = await keys.locator("article[data-note]:has(textarea:focus)").getAttribute("data-note");
    await clean("writing", keys);
    await keys.keyboard.press("Escape");
    await saved(keys, second);
    const menu = `[data-note="${second}"] [data-action="note-menu"]`;
    await tabTo(keys, menu);
    await keys.keyboard.press("Enter");
    await clean("menu", keys);
    const from = await keys.locator(`.column:has([data-note="${second}"])`).getAttribute("data-column");
    await tabTo(keys, `[data-note="${second}"] [data-action="move-note"]`);
    await keys.keyboard.press("Enter");
    await until("the note in another column", SOON, async () => {
      const at = await keys.locator(`.column:has([data-note="${second}"])`).getAttribute("data-column");
      return at !== from;
    });
    if (!(await keys.locator(`[data-note="${second}"] [data-action="delete-note"]`).count())) {
      await tabTo(keys, menu);
      await keys.keyboard.press("Enter");
    }
    await tabTo(keys, `[data-note="${second}"] [data-action="delete-note"]`);
    await keys.keyboard.press("Enter");
    await until("the note gone", SOON, async () => !(await keys.locator(`[data-note="${second}"]`).count()));
    await tabTo(keys, '[data-action="undo"]');
    await keys.keyboard.press("Enter");
    await keys.locator(`[data-note="${second}"]`).waitFor({ timeout: SOON });
    await tabTo(keys, '[data-action="help"]');
    await keys.keyboard.press("Enter");
    await lead.locator('[data-group="1"][data-help]').waitFor({ timeout: SOON });
    await act(lead, "show-groups").click();
    await wall.locator('[data-scene="groups"]').first().waitFor({ timeout: SOON });
    await clean("group work", ...all);
    await act(lead, "answer-help").click();
  });

  await t.test("the plenary sees every group", async () => {
    await advanceTo(lead, 5);
    await step(portrait, 5);
    await portrait.getByText("Hvorfor flytter de unge?").first().waitFor({ timeout: SOON, state: "attached" });
    assert.ok(await act(keys, "undo").isDisabled(), "what the plenary looks at is not taken back");
    await clean("plenary", keys, portrait, lead, follow);
    await advanceTo(lead, 6);
    await clean("break", keys, portrait);
  });

  await t.test("the plan in force stands beside the long lines", async () => {
    await advanceTo(lead, 7);
    await step(keys, 7);
    await clean("long lines", keys, portrait);
  });

  await t.test("three proposals are gathered, and two are said to be the same", async () => {
    await advanceTo(lead, 11);
    await step(keys, 11);
    await tabTo(keys, '[data-action="new-note"]');
    await keys.keyboard.press("Enter");
    for (const proposal of ["Bolig for alle livsfaser", "Boliger til eldre", "Bedre buss"]) {
      await keys.locator("textarea:focus").waitFor({ timeout: SOON });
      await keys.keyboard.type(proposal);
      const note = await keys.locator("article[data-note]:has(textarea:focus)").getAttribute("data-note");
      if (proposal !== "Bedre buss") await keys.keyboard.press("Enter");
      else await keys.keyboard.press("Escape");
      await saved(keys, note);
    }
    await advanceTo(lead, 12);
    await step(keys, 12);
    await tabTo(keys, '[data-action="merge"]');
    await keys.keyboard.press("Enter");
    await tabTo(keys, '[data-action="merge"]');
    await keys.keyboard.press("Enter");
    await keys.locator('[data-action="split"]').waitFor({ timeout: SOON });
    await act(lead, "show-proposals").click();
    await wall.locator('[data-scene="proposals"]').first().waitFor({ timeout: SOON });
    await clean("gathering", ...all);
  });

  await t.test("dots are placed with the keyboard and nobody sees any before the round is closed", async () => {
    await advanceTo(lead, 13);
    await step(keys, 13);
    await clean("waiting for the round", keys, portrait, lead);
    await act(lead, "open-round").click();
    await lead.locator("[data-confirm]:visible").click();
    await act(lead, "show-result").click();
    const others = [];
    for (let nth = 0; nth < VOTERS - 2; nth += 1) others.push(await open(browser, server.seat(3, nth), TABLET));
    await keys.locator(".ballot").waitFor({ timeout: SOON });
    await tabTo(keys, ".option .dot");
    await keys.keyboard.press("Space");
    await clean("choosing", keys, portrait, wall, lead);
    // A browser that keeps nothing must still say that the dots are delivered.
    await portrait.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    for (const voter of [keys, portrait, ...others]) {
      await voter.locator(".ballot").waitFor({ timeout: SOON });
      if (voter !== keys) await voter.locator(".option .dot").first().click();
      if (voter === keys) {
        await tabTo(keys, '[data-action="submit-ballot"]');
        await keys.keyboard.press("Enter");
      } else await act(voter, "submit-ballot").click();
      await voter.locator("[data-delivered]").waitFor({ timeout: SOON });
    }
    await lead.locator(`[data-voted="${VOTERS}"]`).first().waitFor({ timeout: SOON });
    await others[0].reload();
    await others[0].locator("[data-delivered]").waitFor({ timeout: SOON });
    await clean("delivered", keys, portrait, wall, lead, follow);
    for (const page of [lead, wall, follow, keys]) {
      assert.ok(!page.framesIn.some((frame) => frame.includes('"sums"')), "no sums before the close");
    }
    await act(lead, "close-round").click();
    await lead.locator("[data-confirm]:visible").click();
    for (const page of [keys, portrait, wall, follow]) {
      await page.locator(".results .result, .result").first().waitFor({ timeout: SOON });
    }
    await clean("result", ...all);
  });

  await t.test("the adjourned meeting takes no more writing", async () => {
    await advanceTo(lead, 14);
    await clean("closing", keys, chair);
    await closeMeeting(chair);
    await until("no field left to write in", SOON, async () => !(await keys.locator("textarea:visible").count()));
    await clean("closed", ...all);
  });

  for (const page of [start, ...all]) assert.deepEqual(page.errors, [], page.url());
});

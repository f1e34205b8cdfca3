// What was written without a network when the meeting was adjourned: shown to its writer to be copied, and kept nowhere.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TABLET, launch, open, violations } from "../lib/browser.mjs";
import { Line } from "../lib/line.mjs";
import { SOON, advanceTo, closeMeeting, newNote, roomAt, saved, saying, sign } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

const CATCH_UP_MS = 30_000;

let server, browser, line;
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
  line = await Line.to(server.links);
});
after(async () => {
  await browser?.close();
  line?.close();
  await server?.stop();
});

/** Everything that lies on the tablet, as text. */
const stored = (page) =>
  page.evaluate(async () => {
    const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    const opening = indexedDB.open("verksted");
    const database = await new Promise((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = reject;
    });
    const store = database.transaction("kept").objectStore("kept");
    for (const asked of [store.getAllKeys(), store.getAll()]) {
      all.push(await new Promise((resolve) => (asked.onsuccess = () => resolve(JSON.stringify(asked.result)))));
    }
    database.close();
    return all.join("\n");
  });

test("words that come too late are shown and can be copied, and nothing is left on the tablet", async () => {
  const { chair, facilitator } = await roomAt(browser, server, 4);
  const kari = await open(browser, line.url(server.seat(1, 0)), TABLET, { permissions: ["clipboard-read", "clipboard-write"] });
  const note = await newNote(kari);
  await kari.keyboard.type("Kom med", { delay: 15 });
  await saved(kari, note);
  await kari.locator('[data-action="drafts"]').click();
  await kari.locator(".draft textarea").first().fill("En privat kladd");
  await kari.keyboard.press("Escape");
  await until("the draft on the tablet", SOON, async () => (await stored(kari)).includes("En privat kladd"));
  // Of two tabs of one link, the one with the words is closed.
  const gone = await open(browser, line.url(server.seat(1, 1)), TABLET);
  await gone.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  const stays = await gone.context().newPage();
  await stays.goto(gone.url());
  await stays.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  const another = await newNote(gone);
  await gone.keyboard.type("Lukket", { delay: 15 });
  await saved(gone, another);
  line.cut();
  await gone.keyboard.type(" for tidlig", { delay: 15 });
  await until("it to be on the tablet", SOON, async () => (await sign(gone, another)) === "device");
  await gone.close();
  await kari.locator(`[data-note="${note}"] [data-action="edit-note"]`).click();
  await kari.keyboard.press("Control+End");
  await kari.keyboard.type(" for sent", { delay: 15 });
  await until("it to be on the tablet", SOON, async () => (await sign(kari, note)) === "device");
  await advanceTo(facilitator, 14);
  await closeMeeting(chair);
  line.mend();

  await kari.locator(".late textarea").waitFor({ timeout: CATCH_UP_MS });
  assert.equal(await kari.locator(".late textarea").inputValue(), "Kom med for sent");
  assert.deepEqual(await violations(kari), []);
  await kari.locator('[data-action="copy-late"]').click();
  assert.equal(await kari.evaluate(() => navigator.clipboard.readText()), "Kom med for sent");
  await until("the tablet to be empty", SOON, async () => {
    const left = await stored(kari);
    return !/for sent|Kom med|privat|note|asked|draft|heard/.test(left);
  });
  await stays.locator(".late textarea").waitFor({ timeout: CATCH_UP_MS });
  assert.equal(await stays.locator(".late textarea").inputValue(), "Lukket for tidlig");
  await until("the other tablet to be empty", SOON, async () => {
    return !/for tidlig|Lukket|note|asked|draft|heard/.test(await stored(stays));
  });
  const seen = await saying(facilitator, note);
  assert.ok(!seen || seen === "Kom med", "what was not in time is not in the notes");
});

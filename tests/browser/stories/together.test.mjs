// Must show 3: two tablets of one group in the same note at once; everyone who may sees the same, nobody else sees any.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TABLET, launch, open } from "../lib/browser.mjs";
import { SOON, newNote, openNote, roomAt, saved, saying, wallShowing } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

const WITHIN_MS = 300;
const PHRASE = "Skyssbåten til Ytterøya må gå hver time";

let server, browser;
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What lies over the open field, once there is one caret in it and it stands after `offset` units. */
const caretOver = (page, note, offset) =>
  page.evaluate(
    ([id, offset]) => {
      const over = document.querySelector(`[data-note="${id}"] .note-carets`);
      const field = document.querySelector(`[data-note="${id}"] textarea`);
      const carets = over?.querySelectorAll(".caret") ?? [];
      if (carets.length !== 1) return undefined;
      const before = document.createRange();
      before.setStart(over, 0);
      before.setEndBefore(carets[0]);
      if (before.toString().length !== offset) return undefined;
      const font = (element) => getComputedStyle(element).font;
      return {
        words: over.textContent,
        width: over.clientWidth,
        fieldWidth: field.clientWidth,
        font: font(over),
        fieldFont: font(field),
      };
    },
    [note, offset],
  );

test("two tablets write in one note, and the table, the facilitator and the wall agree within 300 ms", async (t) => {
  const { facilitator } = await roomAt(browser, server, 4);
  const wall = await wallShowing(browser, server, facilitator, "groups");
  const kari = await open(browser, server.seat(1, 0), TABLET);
  const ola = await open(browser, server.seat(1, 1), TABLET);
  const stranger = await open(browser, server.seat(2, 0), TABLET);
  await stranger.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });

  const note = await newNote(kari);
  await kari.keyboard.insertText(PHRASE);
  await ola.locator(`[data-note="${note}"] [data-action="edit-note"]`).waitFor({ timeout: SOON });
  await openNote(ola, note);
  await ola.keyboard.press("Control+Home");
  await Promise.all([
    kari.keyboard.type(" om sommeren", { delay: 70 }),
    ola.keyboard.type("Enige: ", { delay: 110 }),
  ]);

  const written = performance.now();
  const pages = { kari, ola, facilitator, wall };
  const length = PHRASE.length + " om sommeren".length + "Enige: ".length;
  const arrivals = {};
  await Promise.all(
    Object.entries(pages).map(async ([who, page]) => {
      await until(`${who} to see every letter`, SOON, async () => (await saying(page, note))?.length === length);
      arrivals[who] = Math.round(performance.now() - written);
    }),
  );
  const texts = await Promise.all(Object.values(pages).map((page) => saying(page, note)));
  assert.equal(new Set(texts).size, 1, `one text, not ${JSON.stringify(texts)}`);
  for (const part of [PHRASE, "om sommeren", "Enige: "]) assert.ok(texts[0].includes(part), texts[0]);
  t.diagnostic(`after the last key, seen by ${JSON.stringify(arrivals)} ms`);
  for (const [who, took] of Object.entries(arrivals)) assert.ok(took <= WITHIN_MS, `${who} after ${took} ms`);

  const caret = await kari.locator("textarea:focus").evaluate((field) => field.selectionStart);
  const seen = await until("Kari's caret over Ola's field", SOON, () => caretOver(ola, note, caret));
  assert.deepEqual(seen, { words: texts[0], width: seen.fieldWidth, fieldWidth: seen.fieldWidth, font: seen.fieldFont, fieldFont: seen.fieldFont });

  await saved(kari, note);
  assert.ok(!(await stranger.content()).includes(PHRASE), "nothing of it in another group's page");
  assert.ok(!stranger.framesIn.some((frame) => frame.includes(PHRASE)), "nothing of it in any frame");
  assert.ok(kari.framesIn.length > 0 && ola.framesIn.some((frame) => frame.includes(PHRASE)), "the test can see frames");
  const writing = (frame) => frame.includes('"note":{"created"') || frame.startsWith("\u0002");
  assert.ok(ola.framesIn.some(writing), "the test knows writing when it sees it");
  assert.ok(!stranger.framesIn.some(writing), "not even that somebody writes");

  await kari.reload();
  await kari.locator(`[data-note="${note}"]`).waitFor({ timeout: SOON });
  assert.equal(await saying(kari, note), texts[0], "all there after a reload");
  for (const page of Object.values(pages)) assert.deepEqual(page.errors, []);
});

// The planner plays a meeting back: what the boards said at a second is what they said then.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LAPTOP, TABLET, launch, open, violations } from "../lib/browser.mjs";
import { SOON, advanceTo, newNote, roomAt, saved, saying } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

let server, browser;
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("replay ends where the room is, and remembers where it was", async () => {
  const { facilitator } = await roomAt(browser, server, 4);
  const kari = await open(browser, server.seat(1, 0), TABLET);
  const note = await newNote(kari);
  await kari.keyboard.insertText("Vi blir 400 flere over 80");
  await saved(kari, note);
  await advanceTo(facilitator, 5);

  const planner = await open(browser, server.links.planner, LAPTOP);
  await planner.locator('[role="slider"]').first().waitFor({ timeout: SOON });
  const slider = planner.locator('[role="slider"]').first();
  await slider.focus();
  await planner.keyboard.press("End");
  await until("the end of the meeting", SOON, async () => (await saying(planner, note)) === "Vi blir 400 flere over 80");
  await planner.keyboard.press("Home");
  await until("its beginning", SOON, async () => (await planner.locator(`[data-note="${note}"]`).count()) === 0);
  assert.deepEqual(await violations(planner), []);
  assert.deepEqual(planner.errors, []);
});

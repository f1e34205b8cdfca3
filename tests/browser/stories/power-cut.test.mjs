// Must show 5: the server is killed in the middle of writing. What said *lagret* is there to the letter, and open tablets
// catch up without a reload.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LAPTOP, TABLET, launch, open } from "../lib/browser.mjs";
import { newNote, notes, roomAt, saved, saying } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

const CATCH_UP_MS = 20_000;

let server, browser;
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a power cut loses nothing that said it was saved, and nobody reloads", async (t) => {
  const { facilitator } = await roomAt(browser, server, 4);
  const kari = await open(browser, server.seat(1, 0), TABLET);
  const ola = await open(browser, server.seat(1, 1), TABLET);
  const first = await newNote(kari);
  await kari.keyboard.insertText("Flere leiligheter i sentrum");
  await saved(kari, first);
  await kari.keyboard.press("Enter");
  const second = await until("the next note", 5_000, async () => (await notes(kari)).find((id) => id !== first));
  for (const page of [kari, ola, facilitator]) await page.evaluate(() => (globalThis.sameDocument = true));

  const typing = kari.keyboard.type("Bussen må korrespondere med toget til byen", { delay: 40 });
  await until("some of it on the server", 5_000, async () => (await saying(ola, second))?.length > 10);
  const atLeast = await saying(ola, second);
  await server.kill();
  await typing;
  await until("a quiet sign that the line is gone", 15_000, () => kari.locator('[data-connection="waiting"]').count());
  await server.restart("--bots", "0");
  const back = performance.now();
  await saved(kari, second);
  await until("the colleague to catch up", CATCH_UP_MS, async () => {
    return (await saying(ola, second)) === "Bussen må korrespondere med toget til byen";
  });
  t.diagnostic(`all tablets caught up ${Math.round(performance.now() - back)} ms after the server was back`);

  // A page that was not there before sees what the server has, and nothing else.
  const fresh = await open(browser, server.seat(1, 2), TABLET);
  await fresh.locator(`[data-note="${second}"]`).waitFor({ timeout: CATCH_UP_MS });
  assert.equal(await saying(fresh, first), "Flere leiligheter i sentrum");
  const whole = await saying(fresh, second);
  assert.equal(whole, "Bussen må korrespondere med toget til byen");
  assert.ok(whole.startsWith(atLeast), "what others had seen is still there");
  assert.deepEqual((await notes(fresh)).length, 2, "nothing is there twice");
  const lead = await open(browser, server.links.facilitator, LAPTOP);
  await until("the facilitator to see both", CATCH_UP_MS, async () => (await saying(lead, second)) === whole);
  for (const page of [kari, ola, facilitator]) assert.ok(await page.evaluate(() => globalThis.sameDocument), "no reload");
});

// When there is no line, or none to come: what is written stays in sight, what cannot be taken back is not done later
// unseen, and a page that waits for its first state says so.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TABLET, launch, open, violations } from "../lib/browser.mjs";
import { Line } from "../lib/line.mjs";
import { SOON, act, newNote, roomAt, saved, saying } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

/** A long break is said after ten seconds. */
const LONG_MS = 20_000;
/** The code of a link that is not good any more. */
const UNKNOWN_LINK = 4401;

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

/** A page whose socket is `handler`'s. */
async function routed(url, handler) {
  const context = await browser.newContext({ viewport: TABLET, locale: "nb-NO", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.routeWebSocket(/\/ws$/, handler);
  await page.goto(url);
  return page;
}

test("the chair cannot open the meeting without a line, and is told why", async () => {
  const chair = await open(browser, line.url(server.links.chair), TABLET);
  await act(chair, "chair-open").click();
  const yes = act(chair, "chair-open-yes");
  assert.ok(await yes.isEnabled());
  line.cut();
  await until("yes to be out of reach", SOON, () => yes.isDisabled());
  assert.ok((await chair.locator("dialog[open]").textContent()).includes("når nettet er tilbake"));
  await chair.context().close();
  line.mend();
});

test("a page that waits long for its first state says so", async () => {
  const page = await routed(server.seat(1, 0), (socket) => socket.close({ code: 1013 }));
  await page.getByText("Får ikke kontakt med serveren").waitFor({ timeout: LONG_MS });
  await page.context().close();
});

test("when a link is withdrawn the room stays, with the writing in it that was not sent", async () => {
  await roomAt(browser, server, 4);
  let mute = false;
  let socket;
  const page = await routed(server.seat(1, 0), (opened) => {
    socket = opened;
    const there = opened.connectToServer();
    opened.onMessage((message) => mute || there.send(message));
    there.onMessage((message) => opened.send(message));
  });
  const note = await newNote(page);
  await page.keyboard.type("Sendt", { delay: 15 });
  await saved(page, note);
  mute = true;
  await page.keyboard.type(" og ikke sendt", { delay: 15 });
  await socket.close({ code: UNKNOWN_LINK });
  await page.locator('.strip[data-kind="stopped"]').waitFor({ timeout: SOON });
  assert.equal(await saying(page, note), "Sendt og ikke sendt");
  await until("nothing to invite writing", SOON, async () => !(await page.locator('textarea, [data-action="new-note"]').count()));
  assert.deepEqual(await violations(page), []);
});

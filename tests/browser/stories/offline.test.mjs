// Nothing is lost: two tablets of one group write without a network, one is loaded anew in the middle of it, and when the
// network is back everybody has everything, once. A page that dies, two tabs of one link, and a tablet that keeps nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TABLET, launch, open } from "../lib/browser.mjs";
import { Line } from "../lib/line.mjs";
import { SOON, newNote, notes, openNote, roomAt, saved, saying, sign } from "../lib/room.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

/** A long break is said after ten seconds. */
const LONG_MS = 20_000;
const CATCH_UP_MS = 30_000;

let server, browser, facilitator;
const lines = [];
before(async () => {
  server = await Server.start("--bots", "0");
  browser = await launch();
  ({ facilitator } = await roomAt(browser, server, 4));
});
after(async () => {
  await browser?.close();
  for (const line of lines) line.close();
  await server?.stop();
});

/** A tablet with a line of its own. */
async function tablet(seat, options) {
  const line = await Line.to(server.links);
  lines.push(line);
  const page = await open(browser, line.url(seat), TABLET, options);
  return Object.assign(page, { line });
}

async function offline(...pages) {
  for (const page of pages) {
    page.line.cut();
    await page.context().setOffline(true);
  }
}

async function online(...pages) {
  for (const page of pages) {
    page.line.mend();
    await page.context().setOffline(false);
  }
}

/** What went wrong on a page besides there being no network. */
const errors = (page) => page.errors.filter((error) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|WebSocket/.test(error));

/** The page is kept on the tablet, so that it can be loaded without a network. */
const kept = (page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") await new Promise((resolve) => active.addEventListener("statechange", resolve));
  });

/** Types at the end of a note that is open already, and waits until its sign is what it should be. */
async function type(page, note, words, state) {
  await page.keyboard.press("Control+End");
  await page.keyboard.type(words, { delay: 15 });
  await until(`${note} to be ${state}`, SOON, async () => (await sign(page, note)) === state);
}

/** What every note of the group says, by its id, as this page shows it. */
async function board(page) {
  const said = {};
  for (const note of await notes(page)) said[note] = await saying(page, note);
  return said;
}

test("two tablets write offline, one is loaded anew, and nothing is lost or doubled", async (t) => {
  const kari = await tablet(server.seat(1, 0));
  const ola = await tablet(server.seat(1, 1));
  const old = await newNote(kari);
  await kari.keyboard.type("Buss", { delay: 15 });
  await saved(kari, old);
  await openNote(ola, old);
  await until("Ola to have it", SOON, async () => (await saying(ola, old)) === "Buss");
  await Promise.all([kari, ola].map(kept));

  await offline(kari, ola);
  await type(kari, old, " til fjellet", "device");
  await ola.keyboard.press("Control+Home");
  await ola.keyboard.type("Flere: ", { delay: 15 });
  await until("Ola's writing to be on the tablet", SOON, async () => (await sign(ola, old)) === "device");
  const karis = await newNote(kari, 1);
  await type(kari, karis, "Skole i nord", "device");
  const olas = await newNote(ola, 1);
  await type(ola, olas, "Vei i sør", "device");
  for (const page of [kari, ola]) {
    await until("the words about a long break", LONG_MS, () => page.locator('.strip[data-kind="offline"]').count());
  }

  const before = performance.now();
  await kari.reload();
  await kari.locator(`[data-note="${karis}"]`).waitFor({ timeout: SOON });
  t.diagnostic(`loaded anew without a network in ${Math.round(performance.now() - before)} ms`);
  assert.equal(await saying(kari, old), "Buss til fjellet");
  assert.equal(await saying(kari, karis), "Skole i nord");
  assert.deepEqual([await sign(kari, old), await sign(kari, karis)], ["device", "device"], "the signs are what they were");
  await openNote(kari, old);
  await type(kari, old, " i helgene", "device");
  const third = await newNote(kari, 2);
  await type(kari, third, "Hvem betaler?", "device");
  await kari.reload();
  await openNote(kari, third);
  await type(kari, third, " Og når?", "device");
  assert.deepEqual((await notes(kari)).sort(), [old, karis, third].sort());

  await online(kari, ola);
  for (const [page, note] of [[kari, old], [kari, karis], [kari, third], [ola, old], [ola, olas]]) {
    await until(`${note} saved`, CATCH_UP_MS, async () => (await sign(page, note)) === "saved");
  }
  const expected = {
    [old]: "Flere: Buss til fjellet i helgene",
    [karis]: "Skole i nord",
    [olas]: "Vei i sør",
    [third]: "Hvem betaler? Og når?",
  };
  const berit = await tablet(server.seat(1, 2));
  for (const [who, page] of Object.entries({ kari, ola, berit })) {
    await until(`${who} to see it all`, CATCH_UP_MS, async () => {
      const said = await board(page);
      return Object.entries(expected).every(([note, words]) => said[note] === words);
    });
    assert.deepEqual(Object.keys(await board(page)).sort(), Object.keys(expected).sort(), `${who}: nothing is there twice`);
  }
  const counted = () => facilitator.locator("[data-group='1'] [data-notes]").getAttribute("data-notes");
  await until("the facilitator to count four", SOON, async () => (await counted()) === "4");
  for (const page of [kari, ola]) assert.deepEqual(errors(page), []);
});

test("a page that dies right after it said that it has the words, still has them", async () => {
  const kari = await tablet(server.seat(2, 0));
  const note = await newNote(kari);
  await kari.keyboard.type("Først", { delay: 15 });
  await saved(kari, note);
  kari.line.cut();
  await type(kari, note, " og så dette", "device");
  const session = await kari.context().newCDPSession(kari);
  const died = kari.waitForEvent("crash");
  session.send("Page.crash").catch(() => {});
  await died;
  kari.line.mend();
  const again = await kari.context().newPage();
  await again.goto(kari.line.url(server.seat(2, 0)));
  await until("the words to be saved", CATCH_UP_MS, async () => (await sign(again, note)) === "saved");
  assert.equal(await saying(again, note), "Først og så dette");
  await until("the facilitator to have them", CATCH_UP_MS, async () => (await saying(facilitator, note)) === "Først og så dette");
  // It is the same page still: what it makes next has a name of its own.
  const next = await newNote(again);
  assert.ok(next !== note && next.split("-")[0] === note.split("-")[0], `${next} after ${note}`);
});

/** Opens the pad and writes a new draft. */
async function draft(page, words) {
  await page.locator('[data-action="drafts"]').click();
  await page.locator('[data-action="new-draft"]').click();
  await page.locator(".draft textarea:focus").waitFor({ timeout: SOON });
  await page.keyboard.type(words, { delay: 15 });
  await page.keyboard.press("Escape");
}

/** All that is on the pad, which must be open. */
const drafts = async (page) => {
  const all = await page.locator(".draft textarea").evaluateAll((fields) => fields.map((field) => field.value));
  return all.filter(Boolean).sort();
};

test("two tabs of one link share the pad and neither takes the other's words", async () => {
  const one = await tablet(server.seat(2, 1));
  await one.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  const two = await one.context().newPage();
  await two.goto(one.url());
  await two.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  await kept(one);
  await draft(one, "Fra den ene");
  await draft(two, "Fra den andre");
  one.line.cut();
  const first = await newNote(one);
  await type(one, first, "Notat fra den ene", "device");
  const second = await newNote(two);
  await type(two, second, "Notat fra den andre", "device");
  assert.notEqual(first.split("-")[0], second.split("-")[0], "each tab has a name of its own");
  await Promise.all([one.reload(), two.reload()]);
  for (const [page, note, words] of [[one, first, "Notat fra den ene"], [two, second, "Notat fra den andre"]]) {
    await until("its own note", SOON, async () => (await notes(page)).includes(note));
    assert.equal(await saying(page, note), words);
    await page.locator('[data-action="drafts"]').click();
    await until("both drafts", SOON, async () => (await drafts(page)).length === 2);
    assert.deepEqual(await drafts(page), ["Fra den andre", "Fra den ene"]);
    await page.keyboard.press("Escape");
  }
  one.line.mend();
  for (const page of [one, two, facilitator]) {
    await until("both notes", CATCH_UP_MS, async () => {
      return (await saying(page, first)) === "Notat fra den ene" && (await saying(page, second)) === "Notat fra den andre";
    });
  }
});

test("what a tab leaves when it is closed without a network goes on its way from the one that stays", async () => {
  const gone = await tablet(server.seat(3, 1));
  await gone.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  const stays = await gone.context().newPage();
  await stays.goto(gone.url());
  await stays.locator('[data-action="new-note"]').first().waitFor({ timeout: SOON });
  gone.line.cut();
  const note = await newNote(gone);
  await type(gone, note, "Fra den som ble lukket", "device");
  await gone.close();
  gone.line.mend();
  await until("the facilitator to have it", CATCH_UP_MS, async () => {
    return (await saying(facilitator, note)) === "Fra den som ble lukket";
  });
});

test("a tablet that keeps nothing says so, and one can write on it all the same", async () => {
  const refuse = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("refused", "SecurityError");
    };
  };
  const context = await browser.newContext({ viewport: TABLET, locale: "nb-NO", reducedMotion: "reduce" });
  await context.addInitScript(refuse);
  const line = await Line.to(server.links);
  lines.push(line);
  const page = await context.newPage();
  await page.goto(line.url(server.seat(3, 0)));
  await page.locator('.strip[data-kind="unkept"]').waitFor({ timeout: SOON });
  const note = await newNote(page);
  await page.keyboard.type("Uten lager", { delay: 15 });
  await saved(page, note);
  line.cut();
  await type(page, note, " og uten nett", "typed");
  line.mend();
  await until("it to be saved", CATCH_UP_MS, async () => (await sign(page, note)) === "saved");
  await until("the facilitator to have it", CATCH_UP_MS, async () => (await saying(facilitator, note)) === "Uten lager og uten nett");
});

test("a wall and a spectator whose line is cut say so, and come back without loading the page anew", async () => {
  const signs = { [server.links.screen]: ".wall-lost", [server.links.spectator]: '[data-connection="waiting"]' };
  for (const [url, lost] of Object.entries(signs)) {
    const page = await tablet(url);
    await page.locator("[data-page]").waitFor({ timeout: SOON });
    await page.evaluate(() => (globalThis.sameDocument = true));
    page.line.cut();
    await page.locator(lost).waitFor({ timeout: SOON });
    page.line.mend();
    await page.locator(lost).waitFor({ timeout: CATCH_UP_MS, state: "detached" });
    assert.ok(await page.evaluate(() => globalThis.sameDocument), url);
  }
});

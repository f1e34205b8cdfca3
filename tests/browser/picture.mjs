// Makes room.png, the README's picture: the wall, the facilitator's page and a councillor's tablet of one running room.
//   node tests/browser/picture.mjs

import { fileURLToPath } from "node:url";

import { LAPTOP, TABLET, WALL, launch, open } from "./lib/browser.mjs";
import { SOON } from "./lib/room.mjs";
import { Server } from "./lib/server.mjs";
import { until } from "./lib/wait.mjs";

const NOTES_ON_THE_WALL = 9;
const WORK_MS = 240_000;

const server = await Server.start("--bots", "24", "--autopilot", "--pace", "2");
const browser = await launch();
try {
  const taken = new Set(server.links.seats.map((seat) => seat.url));
  const { url } = await (await fetch(`${server.links.base}/api/demo/seat`, { method: "POST" })).json();
  if (!taken.has(url)) throw new Error("the free seat is not in the roster");
  const seat = await open(browser, url, TABLET);
  const lead = await open(browser, server.links.facilitator, LAPTOP);
  const wall = await open(browser, server.links.screen, WALL);
  await wall.locator('[data-scene="groups"]').first().waitFor({ timeout: WORK_MS });
  await until("a busy room", WORK_MS, async () => (await wall.locator("[data-note]").count()) >= NOTES_ON_THE_WALL);
  await seat.locator(".note").first().waitFor({ timeout: SOON });
  const shots = await Promise.all([wall, lead, seat].map((page) => page.screenshot({ animations: "disabled" })));
  const [wallShot, leadShot, seatShot] = shots.map((shot) => `data:image/png;base64,${shot.toString("base64")}`);
  const page = await (await browser.newContext({ viewport: { width: 1600, height: 1130 } })).newPage();
  await page.setContent(`<style>
      body { margin: 0; background: #e9e6df; height: 1130px; position: relative }
      img { position: absolute; border-radius: 10px; box-shadow: 0 6px 30px #0004 }
    </style>
    <img src="${wallShot}" style="left:200px; top:24px; width:1200px">
    <img src="${leadShot}" style="left:32px; top:600px; width:800px">
    <img src="${seatShot}" style="left:868px; top:618px; width:700px">`);
  await page.screenshot({ path: fileURLToPath(new URL("./room.png", import.meta.url)) });
} finally {
  await browser.close();
  await server.stop();
}

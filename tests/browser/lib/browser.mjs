// The system's Chromium, and pages that remember every frame they received.

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const TABLET = { width: 1180, height: 820 };
export const PORTRAIT = { width: 820, height: 1180 };
export const PHONE = { width: 390, height: 844 };
export const LAPTOP = { width: 1440, height: 900 };
export const WALL = { width: 1920, height: 1080 };

/** Nothing may reach beyond this machine, not even the browser's own errands. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: QUIET });
}

/** A device of its own: storage, size, scheme. What its socket received is in `page.frames_in`, as text. */
export async function open(browser, url, viewport, options = {}) {
  const context = await browser.newContext({ viewport, locale: "nb-NO", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.framesIn = [];
  page.errors = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => page.framesIn.push(Buffer.from(payload).toString("utf8"))),
  );
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  await page.goto(url);
  return page;
}

/** What axe finds against WCAG 2.1 AA and its best practices, in words. */
export async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target).join("; ")})`);
}

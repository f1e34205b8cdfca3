// Runs every story, one after the other: two cores are one room.

import { run } from "node:test";
import { spec } from "node:test/reporters";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const stories = fileURLToPath(new URL("./stories/", import.meta.url));
const chosen = process.argv.slice(2);
const files = readdirSync(stories)
  .filter((name) => name.endsWith(".test.mjs") && (chosen.length === 0 || chosen.some((part) => name.includes(part))))
  .map((name) => stories + name);

run({ files, concurrency: 1, timeout: 300_000 })
  .on("test:fail", () => (process.exitCode = 1))
  .compose(spec)
  .pipe(process.stdout);

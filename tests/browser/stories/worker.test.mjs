// The worker that keeps the councillor's page on the tablet, without a browser: a cache that fails must not stand between
// a page and the server, and a new page is kept only together with its files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import vm from "node:vm";

const SOURCE = new URL("../../../web-client/sw.js", import.meta.url);
const ORIGIN = "http://verksted.example";

/** The worker over these caches and this network; what it does with a request. */
async function worker(caches, fetch) {
  const source = (await readFile(SOURCE, "utf8")).replace("{{files}}", '["/assets/a.js"]').replace("{{version}}", "1");
  const listeners = {};
  const self = {
    addEventListener: (name, listener) => (listeners[name] = listener),
    location: { origin: ORIGIN },
    skipWaiting: () => {},
  };
  vm.runInNewContext(source, { self, caches, fetch, URL, AbortSignal, Error, Promise, Request: class {
    constructor(address) { this.url = address; }
  } });
  return async (path, mode) => {
    let answer;
    const waits = [];
    const request = { url: ORIGIN + path, method: "GET", mode };
    listeners.fetch({ request, respondWith: (given) => (answer = given), waitUntil: (work) => waits.push(work) });
    const given = await answer;
    await Promise.all(waits);
    return given;
  };
}

const answered = (body) => ({ ok: true, status: 200, body, clone: () => answered(body), text: async () => body });
const network = async (asked) => answered(`net ${asked.url ?? asked}`);
const fails = async () => {
  throw new Error("no");
};

test("a cache that cannot be opened, read or written leaves the network", async () => {
  const whole = { match: async () => undefined, keys: async () => [], put: async () => {} };
  const broken = [
    { open: fails, keys: fails },
    ...["match", "keys", "put"].map((part) => ({ open: async () => ({ ...whole, [part]: fails }), keys: fails })),
  ];
  for (const caches of broken) {
    const ask = await worker(caches, network);
    assert.equal((await ask("/plass", "navigate")).body, "net /plass");
    assert.equal((await ask("/assets/a.js", "no-cors")).body, `net ${ORIGIN}/assets/a.js`);
  }
});

test("a newer page is shown and not kept among the files of the older one, and the older one is there offline", async () => {
  const put = [];
  const cache = { match: async (asked) => answered(`kept ${asked}`), keys: async () => [], put: async (at) => put.push(at) };
  const caches = { open: async () => cache, keys: async () => [] };
  const online = await worker(caches, network);
  assert.equal((await online("/plass", "navigate")).body, "net /plass");
  assert.deepEqual(put, []);
  const offline = await worker(caches, fails);
  assert.equal((await offline("/plass", "navigate")).body, "kept /plass");
});

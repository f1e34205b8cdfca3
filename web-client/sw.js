// Keeps the councillor's page on the tablet, so that it can be loaded where no server answers. It keeps the page and the
// files the page is made of, and nothing of what is written or read on it.

const PAGE = "/plass";
const WORKER = "/sw.js";
const FILES = {{files}};
const BEGINNING = "verksted-";
const CACHE = BEGINNING + "{{version}}";
/** A network that has not answered by then is treated as none, in milliseconds. */
const ANSWERS_WITHIN = 4000;
/** Most files kept: this version's, and those of one more that comes before its worker does. */
const MOST_FILES = 2 * FILES.length + 8;

// All of it or nothing: a page whose files are missing is no page, so the one before stays until this one is whole.
self.addEventListener("install", (event) => {
  const page = new Request(PAGE, { cache: "reload" });
  const kept = caches.open(CACHE).then((cache) => cache.addAll([page, ...FILES]));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(forget((name) => name !== CACHE)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === PAGE && request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith("/assets/")) event.respondWith(file(event));
});

/** The page as the server has it, or as it was. */
async function page(event) {
  try {
    const answer = await fetch(PAGE, { signal: AbortSignal.timeout(ANSWERS_WITHIN), cache: "no-cache" });
    // A proxy whose server is away answers too.
    if (!answer.ok) throw new Error(answer.statusText);
    event.waitUntil(leaveIfUnwanted().catch(() => {}));
    return answer;
  } catch {
    return (await kept(PAGE)) ?? fetch(event.request);
  }
}

/** A file's name changes with its content, so the one kept is the right one. */
async function file(event) {
  const { request } = event;
  const found = await kept(request.url);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) event.waitUntil(keep(request.url, answer.clone()).catch(() => {}));
  return answer;
}

/** What is kept under an address. A tablet whose cache fails has the network. */
async function kept(address) {
  const cache = await caches.open(CACHE).catch(() => undefined);
  return cache?.match(address).catch(() => undefined);
}

async function keep(address, answer) {
  const cache = await caches.open(CACHE);
  if ((await cache.keys()).length < MOST_FILES) await cache.put(address, answer);
}

/** A server that no longer has this worker, or has an empty one in its place, wants it gone. */
async function leaveIfUnwanted() {
  const answer = await fetch(WORKER, { cache: "no-cache" }).catch(() => undefined);
  const unwanted = answer?.status === 404 || answer?.status === 410 || (answer?.ok && !(await answer.text()).trim());
  if (unwanted) {
    await self.registration.unregister();
    await forget(() => true);
  }
}

async function forget(which) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(BEGINNING) && which(name)).map((name) => caches.delete(name)));
}

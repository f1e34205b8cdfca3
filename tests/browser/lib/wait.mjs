// Waiting for a condition with a deadline, never for time.

const POLL_MS = 20;

/** The first truthy answer of `ask`; an error that names `what` when there is none within `ms`. */
export async function until(what, ms, ask) {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

import { setTimeout as pause } from 'node:timers/promises';

/** Polls until `condition` gives something truthy and returns that; throws with `what` after `timeout` milliseconds. */
export async function waitFor(what, condition, { timeout = 40_000, interval = 100 } = {}) {
  const deadline = performance.now() + timeout;
  let last;
  for (;;) {
    last = await condition();
    if (last) return last;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeout} ms`);
    await pause(interval);
  }
}

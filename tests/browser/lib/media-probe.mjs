import assert from 'node:assert/strict';
import { waitFor } from './wait.mjs';

/**
 * A browser page with the probe (page/probe.js) in it. It works the same over playwright-core and puppeteer-core,
 * whose pages share `goto`, `evaluate` and `close`.
 */
export async function openProbe(browser, url) {
  const page = await browser.newPage();
  await page.goto(url);
  await waitFor('the probe page has loaded', () => page.evaluate(() => 'probe' in globalThis));
  return new Probe(page);
}

class Probe {
  constructor(page) { this.page = page; }

  /** Publishes a test card and a tone; the response tells `status` and, when refused, `problem`. */
  async publish(options) {
    return new Publisher(this.page, await this.page.evaluate((argument) => globalThis.probe.publish(argument), options));
  }

  async watch(options) {
    return new Viewer(this.page, await this.page.evaluate((argument) => globalThis.probe.watch(argument), options));
  }

  close() { return this.page.close(); }
}

class Session {
  constructor(page, response) {
    this.page = page;
    this.response = response;
  }

  get status() { return this.response.status; }

  get problem() { return this.response.problem; }

  statistics() { return this.#call('statistics'); }

  restartIce() { return this.#call('restartIce'); }

  /** Ends the session; with `tell: false` as a crash does, without a word to the gateway. */
  close(options) { return this.#call('close', options); }

  #call(name, options = {}) {
    return this.page.evaluate(([call, id, argument]) => globalThis.probe[call](id, argument), [name, this.response.id, options]);
  }

  connected() {
    return waitFor('connected', async () => (await this.statistics()).connection === 'connected');
  }
}

class Publisher extends Session {
  /** Bits per second of all video layers together, over the given time. */
  async sentBitrate(milliseconds = 2000) {
    const sum = ({ videoOut }) => videoOut.reduce((bytes, layer) => bytes + layer.bytesSent, 0);
    const first = await this.statistics();
    await new Promise((resolve) => { setTimeout(resolve, milliseconds); });
    const second = await this.statistics();
    return (sum(second) - sum(first)) * 8000 / (second.at - first.at);
  }
}

class Viewer extends Session {
  view(options = {}) {
    return this.page.evaluate(([id, argument]) => globalThis.probe.view(id, argument), [this.response.id, options]);
  }

  /** What a viewer that `records` has had so far: see page/recorder.js. */
  recording() { return this.page.evaluate((id) => globalThis.probe.recording(id), this.response.id); }

  forgetGaps() { return this.page.evaluate((id) => globalThis.probe.forgetGaps(id), this.response.id); }

  /** Waits until `frames` more pictures have been shown and returns what was seen then. */
  async sees(frames, { timeout = 30_000, ...options } = {}) {
    const before = (await this.view(options)).frames;
    let last;
    await waitFor(`${frames} more pictures`, async () => {
      last = await this.view(options);
      return last.frames - before >= frames;
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
    return last;
  }

  /** Waits until the tone is what is heard. The codec and the browser's jitter buffer need a moment at the start. */
  hears(tone = 440, { timeout = 30_000 } = {}) {
    let last;
    return waitFor(`a tone of ${tone} Hz`, async () => {
      last = await this.view({ tone });
      return last.tone?.level > 0.05 && last.tone.share > 0.8 && last.otherTone.share < 0.05 && last.tone;
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
  }
}

const cardColours = [[200, 40, 40], [40, 160, 40], [40, 40, 200], [210, 210, 210]];

/** The picture is the test card, in its size and its colours, and no older than a conversation bears. */
export function assertCard(view, { width = 640, height = 360, turn = 0, tolerance = 40, maximumAge = 1500 } = {}) {
  assert.equal(`${view.width}x${view.height}`, `${width}x${height}`);
  view.card.colours.forEach((colour, bar) => {
    const expected = cardColours[(bar + turn) % cardColours.length];
    const distance = Math.max(...colour.map((value, channel) => Math.abs(value - expected[channel])));
    assert.ok(distance <= tolerance, `bar ${bar} is rgb(${colour}), not rgb(${expected})`);
  });
  assert.ok(view.card.age <= maximumAge, `the picture is ${view.card.age} ms old`);
}

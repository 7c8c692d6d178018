import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { waitFor } from './wait.mjs';

/** The gateway's own page, driven as a person would: by what it shows. */
export class GatewayPage {
  #page;

  /** What the browser complained about: script errors, refusals by the content security policy, failed loads. */
  complaints = [];

  /** Without a token the gateway has to be in development mode, in which the page asks it for one. */
  static async open(browser, url, { width = 1280, height = 800, colorScheme = 'light', token } = {}) {
    const phone = width < 600;
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme, isMobile: phone, hasTouch: phone, deviceScaleFactor: phone ? 2 : 1,
    });
    const opened = new GatewayPage(await context.newPage());
    await opened.#page.addInitScript(() => {
      globalThis.states = [];
      addEventListener('DOMContentLoaded', () => {
        new MutationObserver(() => globalThis.states.push({ state: document.body.dataset.state, at: Date.now() }))
          .observe(document.body, { attributes: true, attributeFilter: ['data-state'] });
      });
    });
    await opened.#page.goto(url);
    if (token) await opened.#page.fill('#token', token);
    else await waitFor('the page is in development mode', () => opened.#page.locator('#token-field').isHidden());
    return opened;
  }

  constructor(page) {
    this.#page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()); });
  }

  async goLive(stream, { source = 'test', codec = 'VP8', takeover = false } = {}) {
    await this.#page.fill('#stream', stream);
    await this.#page.selectOption('#source', source);
    await this.#page.selectOption('#codec', codec);
    await this.#page.setChecked('#takeover', takeover);
    await this.#page.click('#go-live');
  }

  async watch(stream) {
    await this.#page.fill('#stream', stream);
    await this.#page.click('#watch');
  }

  /** Returns the status of the gateway's answer to the page's DELETE. */
  async stop() {
    const deleted = this.#page.waitForResponse((response) => response.request().method() === 'DELETE');
    await this.#page.click('#stop');
    return (await deleted).status();
  }

  /** The states that it has been in, with the time at which each began. */
  states() { return this.#page.evaluate(() => globalThis.states); }

  state() { return this.#page.evaluate(() => document.body.dataset.state); }

  reaches(state, timeout = 40_000) {
    return waitFor(`the page is ${state}`, async () => await this.state() === state, { timeout })
      .catch(async (error) => { throw new Error(`${error.message}: it is ${await this.state()}, "${await this.error()}"`); });
  }

  error() { return this.#page.locator('#error').textContent(); }

  output(id) { return this.#page.evaluate((name) => document.getElementById(name).value, id); }

  /** Time and size of the video that is shown. */
  video(id) {
    return this.#page.evaluate((name) => {
      const { currentTime, videoWidth, videoHeight, paused } = document.getElementById(name);
      return { currentTime, videoWidth, videoHeight, paused };
    }, id);
  }

  /** How many pixels of a chart's canvas have been drawn on, and a fingerprint of them. */
  chart(id) {
    return this.#page.evaluate((name) => {
      const canvas = document.getElementById(name);
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let drawn = 0;
      let hash = 0;
      for (let i = 3; i < data.length; i += 4) {
        if (data[i] > 0) drawn++;
        hash = (hash * 31 + data[i]) | 0;
      }
      return { drawn, hash };
    }, id);
  }

  /** True when the page is wider than its window, as it must not be on a phone. */
  overflows() { return this.#page.evaluate(() => document.documentElement.scrollWidth > innerWidth); }

  async screenshot(file) {
    await mkdir(path.dirname(file), { recursive: true });
    await this.#page.screenshot({ path: file });
  }

  close() { return this.#page.context().close(); }
}

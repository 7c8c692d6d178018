import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assertCard } from './media-probe.mjs';
import { waitFor } from './wait.mjs';

/** The page at /control, driven as a director would: by its buttons and keys, and by what it shows. */
export class ControlPage {
  #page;

  /** What the browser complained about: script errors, refusals by the content security policy, failed loads. */
  complaints = [];

  static async open(browser, url, { width = 1440, height = 900, query = '' } = {}) {
    const phone = width < 600;
    const context = await browser.newContext({ viewport: { width, height }, isMobile: phone, hasTouch: phone, deviceScaleFactor: phone ? 2 : 1 });
    await context.addInitScript({ content: await watchersScript() });
    const opened = new ControlPage(await context.newPage());
    await opened.#page.goto(`${url}/control/${query}`);
    await waitFor('the page has loaded', () => opened.#page.locator('#open').isVisible());
    return opened;
  }

  constructor(page) {
    this.#page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()); });
  }

  /** Opens the console; what is asked for is the stream, and the room whose members become sources. In development mode without a token. */
  async direct(token, { stream, room = '' }) {
    await this.#page.fill('#stream', stream);
    await this.#page.fill('#room', room);
    if (token) await this.#page.fill('#token', token);
    await this.#page.click('#open');
    await waitFor('the page has an outcome', async () => await this.#page.locator('#console').isVisible() || await this.#page.locator('#error').isVisible());
    assert.equal(await this.#page.locator('#error').textContent(), '');
  }

  async refused(token, { stream }) {
    await this.#page.fill('#stream', stream);
    await this.#page.fill('#token', token);
    await this.#page.click('#open');
    await this.#page.locator('#error').waitFor();
    return this.#page.locator('#error').innerText();
  }

  async add(kind, from) {
    await this.#page.selectOption('#kind', kind);
    if (from) await this.#page.fill('#from', from);
    await this.#page.click('#add-form button');
  }

  tiles() {
    return this.#page.evaluate(() => [...document.querySelectorAll('.source')].map((tile) => ({
      id: tile.dataset.source,
      title: tile.querySelector('.title').textContent,
      number: tile.querySelector('.number').textContent,
      state: tile.querySelector('.state').textContent,
      measures: tile.querySelector('.measures').textContent,
      line: tile.querySelector('.line').textContent,
      level: tile.querySelector('.level').value,
      classes: [...tile.classList],
    })));
  }

  async tile(id) { return (await this.tiles()).find((tile) => tile.id === id); }

  reaches(id, what, question, options) {
    let last;
    return waitFor(`${id}: ${what}`, async () => {
      last = await this.tile(id);
      return last && question(last) && last;
    }, options).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
  }

  /** Waits until a video of the page shows so many more pictures of a card, and looks at the last one. */
  async sees(selector, turn, frames = 5) {
    const look = () => this.#page.evaluate((which) => globalThis.watchers.view(which), selector);
    const before = (await look())?.frames ?? 0;
    let last;
    await waitFor(`${selector} shows pictures`, async () => {
      last = await look();
      return last?.card && last.frames - before >= frames;
    }, { timeout: 30_000 }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
    assertCard(last, { width: last.width, height: last.height, maximumAge: 3000, turn });
  }

  tileVideo(id) { return `.source[data-source="${id}"] video`; }

  press(key) { return this.#page.keyboard.press(key); }

  async click(selector, dialog) {
    if (dialog !== undefined) this.#page.once('dialog', (shown) => shown.accept(dialog));
    await this.#page.click(selector);
  }

  text(selector) { return this.#page.locator(selector).innerText(); }

  events() { return this.#page.locator('#events').innerText(); }

  overflows() { return this.#page.evaluate(() => document.documentElement.scrollWidth > innerWidth); }

  async screenshot(file, options) {
    await mkdir(path.dirname(file), { recursive: true });
    await this.#page.screenshot({ path: file, ...options });
  }

  close() { return this.#page.context().close(); }
}

/** The page's own policy lets it load no script of ours: what would be modules becomes one script, put in by the browser. */
async function watchersScript() {
  const sources = await Promise.all(['test-card', 'watcher'].map((name) => readFile(new URL(`../page/${name}.js`, import.meta.url), 'utf8')));
  const script = sources.join('\n').replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '');
  return `(() => {${script}
    const watchers = new WeakMap();
    globalThis.watchers = {
      view(selector) {
        const video = document.querySelector(selector);
        if (!video) return null;
        if (!watchers.has(video)) watchers.set(video, new PictureWatcher(video));
        return watchers.get(video).view();
      },
    };
  })();`;
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assertCard } from './media-probe.mjs';
import { waitFor } from './wait.mjs';

/** The page at /meet, driven as a person would: by its buttons and keys, and by what it shows and plays. */
export class MeetPage {
  #page;

  /** What the browser complained about: script errors, refusals by the content security policy, failed loads. */
  complaints = [];

  static async open(browser, url, { person, width = 1280, height = 800, colorScheme = 'light', query = '' }) {
    const phone = width < 600;
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme, isMobile: phone, hasTouch: phone, deviceScaleFactor: phone ? 2 : 1,
    });
    const opened = new MeetPage(await context.newPage(), person);
    await context.addInitScript({ content: await devicesScript(person) });
    await opened.#page.goto(`${url}/meet${query}`);
    return opened;
  }

  constructor(page, person) {
    this.#page = page;
    this.person = person;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()); });
  }

  get name() { return this.person.name; }

  async join(room, { height = '180', camera = true, microphone = true } = {}) {
    await waitFor('the page is in development mode', () => this.#page.locator('#token-field').isHidden());
    await this.#page.fill('#name', this.name);
    await this.#page.fill('#room', room);
    await this.#choose({ height, camera, microphone });
  }

  async joinWithToken(token, choices = {}) {
    await this.#page.fill('#token', token);
    await this.#choose({ height: '180', camera: true, microphone: true, ...choices });
  }

  async #choose({ height, camera, microphone }) {
    await this.#page.selectOption('#height', height);
    await this.#page.setChecked('#with-camera', camera);
    await this.#page.setChecked('#with-microphone', microphone);
    await this.#page.click('#join');
    await waitFor(`${this.name}'s page has an outcome`, async () => await this.state() === 'joined' || this.#page.locator('#error').isVisible());
    assert.equal(await this.text('#error'), '');
  }

  state() { return this.#page.evaluate(() => document.body.dataset.state); }

  reaches(state, timeout = 40_000) {
    return waitFor(`${this.name}'s page is ${state}`, async () => await this.state() === state, { timeout, interval: 20 })
      .catch(async (error) => { throw new Error(`${error.message}: it is ${await this.state()}, "${await this.text('#error')}"`); });
  }

  text(selector) { return this.#page.locator(selector).innerText(); }

  view(name, kind) { return this.#page.evaluate(([who, what]) => globalThis.devices.view(who, what), [name, kind]); }

  /** Waits until the tile shows so many more pictures, and compares the last with the person's card. */
  async sees({ name, turn }, frames, { kind, timeout = 30_000, ...card } = {}) {
    const before = (await this.view(name, kind))?.frames ?? 0;
    let last;
    await waitFor(`${this.name} sees ${frames} more pictures of ${name}`, async () => {
      last = await this.view(name, kind);
      return last?.card && last.frames - before >= frames && !isBlack(last.card);
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
    assertCard(last, { width: last.width, height: last.height, maximumAge: 3000, turn, ...card });
    return last;
  }

  /** Waits until the tile is as the question asks. */
  async shows(name, what, question, { timeout = 30_000 } = {}) {
    let last;
    await waitFor(`${this.name}'s tile of ${name}: ${what}`, async () => {
      last = await this.view(name);
      return last && question(last);
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
  }

  forgetGaps() { return this.#page.evaluate(() => globalThis.devices.forgetGaps()); }

  /** Waits until exactly the tones of these people are heard, each on a track of its own. */
  async hears(people, everybody) {
    const wanted = people.map(({ tone }) => tone).sort();
    let last;
    await waitFor(`${this.name} hears ${people.map(({ name }) => name)}`, async () => {
      last = (await this.#page.evaluate((tones) => globalThis.devices.heard(tones), everybody.map(({ tone }) => tone))).sort();
      return String(last) === String(wanted);
    }, { timeout: 30_000 }).catch((error) => { throw new Error(`${error.message}; it hears ${last}`); });
  }

  /** Whether a button that stays pressed is so. */
  async isPressed(selector) { return await this.#page.locator(selector).getAttribute('aria-pressed') === 'true'; }

  press(key) { return this.#page.keyboard.press(key); }

  click(selector) { return this.#page.click(selector); }

  /** Has the page believe that the gateway has no time to send somebody's camera, or has it again. */
  tellPaused(name, isPaused) {
    return this.#page.evaluate(([who, paused]) => globalThis.devices.tellPaused(who, paused), [name, isPaused]);
  }

  /** Cuts the signal, and from then on remembers the page's states: coming back may take less time than looking. */
  cutSignal() {
    return this.#page.evaluate(() => {
      globalThis.states = [];
      new MutationObserver(() => globalThis.states.push(document.body.dataset.state))
        .observe(document.body, { attributes: true, attributeFilter: ['data-state'] });
      globalThis.devices.cutSignal();
    });
  }

  /** The states since the signal was cut. */
  states() { return this.#page.evaluate(() => globalThis.states); }

  async say(text) {
    await this.#page.fill('#text', text);
    await this.#page.press('#text', 'Enter');
  }

  messages() {
    return this.#page.evaluate(() => [...document.querySelectorAll('#messages li')]
      .map((item) => `${item.querySelector('b').textContent}: ${item.querySelector('p')?.textContent ?? item.querySelector('.transfer').dataset.state}`));
  }

  /** Every value that the progress bar of the newest transfer has had, from now on. */
  sendFile(file) { return this.#page.setInputFiles('#file', file); }

  progress() {
    return this.#page.evaluate(() => {
      const bar = [...document.querySelectorAll('.transfer progress')].at(-1);
      return bar && { value: bar.value, max: bar.max, state: bar.parentElement.dataset.state, note: bar.parentElement.innerText };
    });
  }

  /** Clicks the link of the newest file and returns what is saved. */
  async savedFile() {
    const [download] = await Promise.all([this.#page.waitForEvent('download'), this.#page.locator('.transfer a').last().click()]);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(await download.path())) hash.update(chunk);
    return { name: download.suggestedFilename(), sha256: hash.digest('hex') };
  }

  names() { return this.#page.evaluate(() => [...document.querySelectorAll('.tile .name')].map(({ textContent }) => textContent)); }

  toasts() { return this.#page.evaluate(() => document.getElementById('toasts').innerText); }

  /** True when the page is larger than its window, as it must not be. */
  overflows() { return this.#page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight); }

  async screenshot(file) {
    await mkdir(path.dirname(file), { recursive: true });
    await this.#page.screenshot({ path: file });
  }

  close() { return this.#page.context().close(); }
}

/** The page's own policy lets it load no script of ours: what would be modules becomes one script, put in by the browser. */
async function devicesScript(person) {
  const sources = await Promise.all(['test-card', 'portrait', 'tone', 'watcher', 'devices']
    .map((name) => readFile(new URL(`../page/${name}.js`, import.meta.url), 'utf8')));
  const script = sources.join('\n').replaceAll(/^import .*$/gm, '').replaceAll(/^export /gm, '');
  assert.doesNotMatch(script, /^\s*(import|export)\b/m);
  return `(() => {${script}\ninstall(${JSON.stringify(person)});})();`;
}

/** A browser's last pictures before a camera goes off, and sometimes its first when it comes back, are black. */
function isBlack({ colours }) { return colours.every((colour) => Math.max(...colour) < 20); }

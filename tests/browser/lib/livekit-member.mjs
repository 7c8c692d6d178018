import assert from 'node:assert/strict';
import { assertCard } from './media-probe.mjs';
import { waitFor } from './wait.mjs';

let joined = 0;

/** Somebody in a room with livekit-client in a browser page of their own. Works over playwright-core and puppeteer-core. */
export class Member {
  #page;
  #id = `member-${++joined}`;

  /** Several in one page, which costs less. */
  static async joinMany(browser, count, describe) {
    const page = await browser.newPage();
    const many = [];
    for (let i = 0; i < count; i++) {
      const { pages, gateway, room, identity, options = {}, ...grants } = describe(i);
      if (i === 0) {
        await page.goto(`${pages.url}livekit.html`);
        await waitFor('the page has loaded', () => page.evaluate(() => 'livekit' in globalThis));
      }
      const member = new Member(page, identity);
      await member.call('join', { url: gateway.url, token: gateway.token({ room, identity, ...grants }), options });
      many.push(member);
    }
    return many;
  }

  static async join(browser, { pages, gateway, room, identity, options = {}, ...grants }) {
    const page = await browser.newPage();
    const member = new Member(page, identity);
    page.on('pageerror', (error) => member.complaints.push(String(error)));
    await page.goto(`${pages.url}livekit.html`);
    await waitFor('the page has loaded', () => page.evaluate(() => 'livekit' in globalThis));
    const token = gateway.token({ room, identity, ...grants });
    try {
      await member.call('join', { url: gateway.url, token, options });
    } catch (error) {
      await page.close();
      throw error;
    }
    return member;
  }

  constructor(page, identity) {
    this.#page = page;
    this.identity = identity;
    this.complaints = [];
  }

  call(name, argument = {}) {
    return this.#page.evaluate(([call, id, options]) => globalThis.livekit[call](id, options), [name, this.#id, argument]);
  }

  state() { return this.call('state'); }

  /** Waits until a question about the state is answered with yes. */
  async reaches(what, question, options) {
    let last;
    await waitFor(`${this.identity}: ${what}`, async () => {
      last = await this.state();
      return question(last);
    }, options).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
    return last;
  }

  sees(identity, frames, { source, timeout = 30_000, ...card } = {}) {
    return this.#seesAgain({ identity, source }, frames, timeout).then((view) => {
      assertCard(view, { width: 320, height: 180, maximumAge: 3000, ...card });
      return view;
    });
  }

  /** Like sees, and without a pause of a second. */
  seesFluently(identity, frames, options) {
    return this.seeFluently([identity], frames, () => options);
  }

  /** Sees several at the same time, without a pause of a second. */
  async seeFluently(identities, frames, optionsOf) {
    await Promise.all(identities.map((identity) => this.#seesAgain({ identity, ...optionsOf(identity) }, 3, 30_000)));
    await this.call('forgetGaps');
    await Promise.all(identities.map(async (identity) => {
      const { longestGap } = await this.sees(identity, frames, optionsOf(identity));
      assert.ok(longestGap < 1000, `${this.identity} sees ${identity} with a pause of ${longestGap} ms`);
    }));
  }

  async #seesAgain(question, frames, timeout) {
    const before = await this.call('view', question);
    let last;
    await waitFor(`${this.identity} sees ${frames} more pictures of ${question.identity}`, async () => {
      last = await this.call('view', question);
      // A new track begins to count anew.
      return (last.frames ?? 0) - (last.sid === before.sid ? before.frames ?? 0 : 0) >= frames && last.card;
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
    return last;
  }

  hears(identity, tone, { timeout = 30_000 } = {}) {
    return this.#listen(identity, tone, timeout, `a tone of ${tone} Hz`,
      (view) => view.tone?.level > 0.05 && view.tone.share > 0.8 && view.otherTone.share < 0.05);
  }

  hearsNothing(identity, { timeout = 30_000 } = {}) {
    return this.#listen(identity, 440, timeout, 'silence', (view) => !view.tone || view.tone.level < 0.005);
  }

  async #listen(identity, tone, timeout, what, condition) {
    let last;
    await waitFor(`${this.identity} hears ${what} from ${identity}`, async () => {
      last = await this.call('view', { identity, tone });
      return condition(last);
    }, { timeout }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
  }

  async close() {
    await this.call('leave').catch(() => {});
    await this.#page.close();
  }

  /** Goes without a word, as a crash does. */
  vanish() { return this.#page.close(); }
}

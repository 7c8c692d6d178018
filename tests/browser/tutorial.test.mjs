import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

/** The page of docs/signaling.md, with the browser's fake camera and microphone: a moving picture and a beep. */
class Beginner {
  static async join(t, suite, name) {
    const context = await suite.browser.newContext({ permissions: ['camera', 'microphone'], viewport: { width: 640, height: 480 } });
    t.after(() => context.close());
    const page = await context.newPage();
    const beginner = new Beginner(page, name);
    const token = suite.gateway.token({ room: 'tutorial', identity: name });
    await page.goto(`${suite.pages.url}tutorial.html?${new URLSearchParams({ gateway: suite.gateway.url.replace('http', 'ws'), token })}`);
    return beginner;
  }

  complaints = [];

  constructor(page, name) {
    this.page = page;
    this.name = name;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** How many pictures each remote video has decoded, and how loud each remote sound has been. */
  remote() {
    return this.page.evaluate(async () => {
      globalThis.meters ??= new Map();
      const context = globalThis.context ??= new AudioContext();
      const sounds = [...document.querySelectorAll('#remote audio')];
      for (const { srcObject } of sounds) {
        if (!globalThis.meters.has(srcObject)) {
          const analyser = new AnalyserNode(context, { fftSize: 32768 });
          context.createMediaStreamSource(srcObject).connect(analyser);
          globalThis.meters.set(srcObject, analyser);
        }
      }
      return {
        frames: [...document.querySelectorAll('#remote video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
        sizes: [...document.querySelectorAll('#remote video')].map(({ videoWidth, videoHeight }) => `${videoWidth}x${videoHeight}`),
        levels: sounds.map(({ srcObject }) => {
          const samples = new Float32Array(32768);
          globalThis.meters.get(srcObject).getFloatTimeDomainData(samples);
          return Math.max(...samples.map(Math.abs));
        }),
      };
    });
  }

  /** The microphones' beeps are short and each at a time of its own: what was loud once is heard. */
  async seesAndHears(count) {
    const before = await this.remote();
    const loudest = [];
    let last;
    await waitFor(`${this.name} sees and hears ${count} others`, async () => {
      last = await this.remote();
      last.levels.forEach((level, index) => { loudest[index] = Math.max(loudest[index] ?? 0, level); });
      return last.frames.length === count && last.frames.every((frames, index) => frames - (before.frames[index] ?? 0) >= 20)
        && last.levels.length === count && loudest.every((level) => level > 0.02);
    }, { timeout: 40_000 }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}, ${this.complaints}`); });
  }

  async say(text) {
    await this.page.fill('#text', text);
    await this.page.press('#text', 'Enter');
  }

  has(text) {
    return waitFor(`${this.name} has the message`, () => this.page.evaluate((wanted) => document.getElementById('messages').innerText.includes(wanted), text));
  }
}

describe('A beginner\'s page with the lines of docs/signaling.md', () => {
  const suite = useSuite({ launch: launchChromium });

  test('Two, then three of them see, hear and write to each other', async (t) => {
    const anna = await Beginner.join(t, suite, 'anna');
    const ben = await Beginner.join(t, suite, 'ben');
    await Promise.all([anna, ben].map((beginner) => beginner.seesAndHears(1)));
    await anna.say('Hello Ben');
    await ben.has('Hello Ben');

    const cleo = await Beginner.join(t, suite, 'cleo');
    await Promise.all([anna, ben, cleo].map((beginner) => beginner.seesAndHears(2)));
    await cleo.say('Hello both');
    await anna.has('Hello both');
    await ben.has('Hello both');

    await ben.page.close();
    await anna.seesAndHears(1);
    for (const beginner of [anna, cleo]) assert.deepEqual(beginner.complaints, []);
  });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './lib/chromium.mjs';
import { ControlPage } from './lib/control-page.mjs';
import { Member } from './lib/livekit-member.mjs';
import { MeetPage } from './lib/meet-page.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const pictures = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const people = [
  { name: 'Ada', turn: 0, tone: 440 },
  { name: 'Ben', turn: 1, tone: 620 },
];
const [ada] = people;

/** A small layer, sound and their headers fit into the first; not even that layer fits into the second. */
const thin = 400_000;
const tooThin = 80_000;
const patience = { timeout: 40_000 };

describe('A participant whose line is thin', () => {
  const suite = useSuite({ launch: launchChromium, development: true });
  const pages = [];
  let control;

  before(async () => {
    for (const [index, person] of people.entries()) {
      const size = index === 1 ? { width: 390, height: 844, colorScheme: 'dark' } : {};
      const page = await MeetPage.open(suite.browser, suite.gateway.url, { person, ...size });
      pages.push(page);
      await page.join('thin', { height: '360' });
    }
    control = await ControlPage.open(suite.browser, suite.gateway.url);
    await control.direct(null, { stream: 'thin-show', room: 'thin' });
  });
  after(async () => {
    for (const page of [...pages, control]) await page?.close().catch(() => {});
  });

  const showsWidth = (page, name, wanted) => page.shows(name, `is ${wanted} pixels wide`, ({ width }) => width === wanted, patience);

  test('A wide line brings the best layer, and nobody says a word about it', async () => {
    const [, page] = pages;
    await showsWidth(page, 'Ada', 640);
    await page.sees(ada, 10, { width: 640, height: 360 });
    await page.shows('Ben', 'has no mark', ({ line }) => line === '', patience);
    await control.reaches('ben', 'has a line', ({ line }) => /^their line carries [\d.]+ Mb\/s; gets 360p$/.test(line), patience);
  });

  test('A thin one brings a smaller layer, with its sound; the page says so, and so does everybody else\'s', async () => {
    const [other, page] = pages;
    await page.simulate({ subscriberBandwidth: thin });
    await showsWidth(page, 'Ada', 320);
    await page.sees(ada, 10, { width: 320, height: 180 });
    await page.hears([ada], people);
    await page.shows('Ben', 'says what the line carries', ({ line, bars }) => line === 'line 0.4 Mb/s' && bars === 2, patience);
    await other.shows('Ben', 'has a thin line', ({ line, bars }) => line === 'thin line' && bars === 2, patience);
    await showsWidth(other, 'Ben', 640);
    await control.reaches('ben', 'gets less', ({ line }) => line === 'their line carries 0.4 Mb/s; gets 180p, 1 smaller', patience);
    await page.click('#figures');
    await page.shows('Ben', 'has figures of the line', ({ figures }) => figures === 'line carries 0.4 Mb/s; 1 smaller', patience);
    await page.screenshot(path.join(pictures, 'meet-thin-line-phone.png'));
    await other.screenshot(path.join(pictures, 'meet-thin-line.png'));
    await control.screenshot(path.join(pictures, 'control-thin-line.png'));
    await page.click('#figures');
  });

  test('One that carries no picture pauses it, and the sound goes on', async () => {
    const [, page] = pages;
    await page.simulate({ subscriberBandwidth: tooThin });
    await page.shows('Ada', 'is paused', ({ classes, paused }) => classes.includes('paused') && paused === 'Your line does not carry this picture', patience);
    await page.hears([ada], people);
    await page.shows('Ben', 'has a poor connection', ({ bars }) => bars === 1, patience);
    await control.reaches('ben', 'gets no picture', ({ line }) => line === 'their line carries 0.08 Mb/s; gets 1 paused', patience);
    await page.screenshot(path.join(pictures, 'meet-paused-by-line-phone.png'));
  });

  test('A line that is wide again brings everything back', async () => {
    const [, page] = pages;
    await page.simulate({ subscriberBandwidth: 0 });
    await showsWidth(page, 'Ada', 640);
    await page.sees(ada, 10, { width: 640, height: 360 });
    await page.shows('Ben', 'has no mark', ({ line, bars }) => line === '' && bars === 3, patience);
    assert.equal((await page.view('Ada')).classes.includes('paused'), false);
    for (const one of pages) assert.deepEqual(one.complaints, []);
  });
});

describe('livekit-client behind a thin line', () => {
  const suite = useSuite({ launch: launchChromium });

  for (const [mode, singlePeerConnection] of [['one peer connection', true], ['two peer connections', false]]) {
    test(`With ${mode}: a smaller layer, a pause that the SDK tells, and all of it back`, async (t) => {
      const join = async (identity) => {
        const member = await Member.join(suite.browser, {
          pages: suite.pages, gateway: suite.gateway, room: `thin-${singlePeerConnection}`, identity, options: { singlePeerConnection },
        });
        t.after(() => member.close().catch(() => {}));
        return member;
      };
      const publisher = await join('publisher');
      const viewer = await join('viewer');
      await publisher.call('publishCard', { width: 960, height: 540, fps: 15 });
      await publisher.call('publishTone', { tone: 440 });
      const isSeen = (what, question) => waitFor(what, async () => question(await viewer.call('view', { identity: 'publisher' })), patience);
      await isSeen('the best layer', ({ width }) => width === 960);
      await viewer.call('simulate', { scenario: 'subscriber-bandwidth', value: thin });
      await isSeen('a smaller layer', ({ width, streamState }) => width === 320 && streamState === 'active');
      await viewer.reaches('is not excellent', ({ qualities }) => qualities.viewer === 'good', patience);
      await viewer.call('simulate', { scenario: 'subscriber-bandwidth', value: tooThin });
      await isSeen('a pause', ({ streamState }) => streamState === 'paused');
      await viewer.hears('publisher', 440);
      await viewer.call('simulate', { scenario: 'subscriber-bandwidth', value: 0 });
      await isSeen('the best layer again', ({ width, streamState }) => width === 960 && streamState === 'active');
      const before = (await viewer.call('view', { identity: 'publisher' })).frames;
      await isSeen('pictures that go on', ({ frames }) => frames > before + 10);
    });
  }
});

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { startGateway } from './lib/gateway.mjs';
import { MeetPage } from './lib/meet-page.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const pictures = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const people = [
  { name: 'Ada', turn: 0, tone: 440 },
  { name: 'Ben', turn: 1, tone: 620 },
  { name: 'Cleo', turn: 2, tone: 880 },
  { name: 'Dan', turn: 3, tone: 1240 },
];

describe('The page at /meet, with four people', () => {
  const suite = useSuite({ launch: launchChromium, development: true });
  const pages = [];
  const othersOf = (page) => people.filter(({ name }) => name !== page.name);
  /** Looks at what everybody sees of the others, all at the same time. */
  const everybody = (look) => Promise.all(pages.map((page) => look(page, othersOf(page))));
  const sees = (page, person, frames = 15, options = {}) => page.sees(person, frames, options);

  before(async () => {
    for (const person of people) {
      const size = person.name === 'Dan' ? { width: 390, height: 844, colorScheme: 'dark' } : {};
      const page = await MeetPage.open(suite.browser, suite.gateway.url, { person, ...size });
      pages.push(page);
      await page.join('four', { height: person.name === 'Ada' ? '360' : '180' });
    }
  });
  after(async () => {
    for (const page of pages) await page.close().catch(() => {});
  });

  test('Everybody sees everybody\'s card and hears everybody\'s tone', async () => {
    await everybody(async (page, others) => {
      await Promise.all(others.map((person) => sees(page, person)));
      await page.hears(others, people);
      assert.deepEqual((await page.names()).sort(), people.map(({ name }) => (name === page.name ? `${name} (you)` : name)).sort());
    });
  });

  test('Nothing freezes', async () => {
    for (const page of pages) await page.forgetGaps();
    await everybody((page, others) => Promise.all(others.map(async (person) => {
      const { longestGap } = await sees(page, person, 60);
      assert.ok(longestGap < 1000, `${page.name} sees ${person.name} with a pause of ${longestGap} ms`);
    })));
  });

  test('Who speaks has a ring, who is muted a mark; every tile has its quality bars', async () => {
    const [ada, ben, cleo] = pages;
    await ada.shows('Ben', 'speaks', ({ classes }) => classes.includes('speaking'));
    await ben.press('m');
    await ada.shows('Ben', 'is muted and silent', ({ classes }) => classes.includes('muted') && !classes.includes('speaking'));
    await ada.hears(people.filter(({ name }) => name !== 'Ada' && name !== 'Ben'), people);
    await ben.press('m');
    await ada.shows('Ben', 'speaks again', ({ classes }) => classes.includes('speaking') && !classes.includes('muted'));
    for (const { name } of people) await cleo.shows(name, 'good bars', ({ bars }) => bars >= 2, { timeout: 30_000 });
  });

  test('A camera that is off shows initials, and comes back', async () => {
    const [ada, ben, cleo] = pages;
    await cleo.press('v');
    for (const page of [ada, ben]) await page.shows('Cleo', 'has no picture', ({ classes }) => !classes.includes('has-video'));
    await cleo.press('v');
    for (const page of [ada, ben]) await sees(page, people[2], 10);
    for (let i = 0; i < 6; i++) await cleo.press('v');
    for (const page of [ada, ben]) await sees(page, people[2], 10);
  });

  test('A picture that the gateway has no time to send gives way to initials, and comes back', async () => {
    const [ada] = pages;
    const mark = () => ada.text('.tile.paused figcaption');
    await ada.tellPaused('Ben', true);
    await ada.shows('Ben', 'is paused', ({ classes }) => classes.includes('paused'));
    assert.match(await mark(), /Ben\s+paused/);
    assert.equal((await ada.view('Cleo')).classes.includes('paused'), false);
    await ada.tellPaused('Ben', false);
    await ada.shows('Ben', 'is there again', ({ classes }) => !classes.includes('paused'));
    await sees(ada, people[1], 10);
  });

  test('Chat reaches everybody, as text and nothing else', async () => {
    const [ada, ben] = pages;
    const said = 'Hello <b>everybody</b> & "all"';
    await ben.click('#chat');
    await ben.say(said);
    for (const page of pages) {
      await waitFor(`${page.name} has the message`, async () => (await page.messages()).includes(`Ben: ${said}`));
    }
    assert.equal(await ada.text('#unread'), '1');
    await ada.press('c');
    await ada.say('Hello Ben');
    await waitFor('Ben has the answer', async () => (await ben.messages()).includes('Ada: Hello Ben'));
    await ada.screenshot(path.join(pictures, 'meet.png'));
    await pages[3].screenshot(path.join(pictures, 'meet-phone.png'));
  });

  test('A file of 20 MB arrives everywhere bit by bit, with a progress bar, while the pictures go on', async (t) => {
    const [ada, ben] = pages;
    const bytes = randomBytes(20_000_000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const since = performance.now();
    await ben.sendFile({ name: 'notes.bin', mimeType: 'application/octet-stream', buffer: bytes });
    const values = new Set();
    await waitFor('Ben\'s page says that it is sent', async () => {
      const { value, state, note } = await ben.progress() ?? {};
      values.add(value);
      assert.notEqual(state, 'failed', note);
      return state === 'done';
    }, { timeout: 120_000 });
    t.diagnostic(`${Math.round(performance.now() - since)} ms`);
    assert.ok(values.size > 5, `the progress bar had only the values ${[...values]}`);
    for (const page of pages.filter((candidate) => candidate !== ben)) {
      await waitFor(`${page.name} has the file`, async () => (await page.progress())?.state === 'done');
      if (page !== ada) await page.click('#chat');
      assert.deepEqual(await page.savedFile(), { name: 'notes.bin', sha256 });
      if (page !== ada) await page.click('#close-panel');
    }
    await sees(ada, people[1], 10);
  });

  test('A screen is shared: it takes the stage, the people stay, and it goes again', async () => {
    const [ada, ben, cleo] = pages;
    await cleo.click('#screen');
    for (const page of [ada, ben]) {
      await page.sees({ name: 'Cleo', turn: 3 }, 10, { kind: 'screen' });
      await sees(page, people[2], 5);
    }
    await ada.screenshot(path.join(pictures, 'meet-screen.png'));
    await cleo.click('#screen');
    await waitFor('the screen is gone', async () => await ada.view('Cleo', 'screen') === null);
    await cleo.click('#screen');
    await ada.sees({ name: 'Cleo', turn: 3 }, 10, { kind: 'screen' });
    await cleo.click('#screen');
  });

  test('The signal is cut: the page says so, comes back, and the pictures have gone on', async () => {
    const [ada, ben] = pages;
    for (const page of pages) await page.forgetGaps();
    await ada.cutSignal();
    await waitFor('the page has said that it reconnects, and come back', async () => /reconnecting( joined)+$/.test((await ada.states()).join(' ')));
    for (const [viewer, person] of [[ada, people[1]], [ben, people[0]]]) {
      const { longestGap } = await sees(viewer, person, 15);
      assert.ok(longestGap < 1500, `${viewer.name} sees ${person.name} with a pause of ${longestGap} ms`);
    }
    await ada.say('I am back');
    await waitFor('Ben has the message', async () => (await ben.messages()).includes('Ada: I am back'));
    assert.equal((await ben.names()).length, 4);
  });

  test('On a phone everything fits', async () => {
    assert.equal(await pages[3].overflows(), false);
  });

  test('Who leaves is gone for the others, who are told', async () => {
    const [ada, ben, cleo, dan] = pages;
    await dan.click('#leave');
    await dan.reaches('idle');
    for (const page of [ada, ben, cleo]) {
      await waitFor(`${page.name} is told`, async () => /Dan left/.test(await page.toasts()));
      assert.equal((await page.names()).length, 3);
    }
    await dan.join('four');
    await sees(ada, people[3], 10);
    await sees(dan, people[0], 10);
  });

  test('No browser has complained', () => {
    for (const page of pages) assert.deepEqual(page.complaints, []);
  });
});

describe('The page at /meet outside development mode', () => {
  test('It asks for a token, whose name and room hold, and shows why a wrong one is refused', async (t) => {
    const gateway = await startGateway();
    t.after(() => gateway.stop());
    const browser = await launchChromium();
    t.after(() => browser.close());
    const open = (person) => MeetPage.open(browser, gateway.url, { person });
    const ada = await open(people[0]);
    await ada.joinWithToken(gateway.token({ room: 'closed', identity: 'ada', name: 'Ada' }));
    const ben = await open(people[1]);
    await ben.joinWithToken(gateway.token({ room: 'closed', identity: 'ben', name: 'Ben' }));
    await ben.sees(people[0], 10);
    await ada.sees(people[1], 10);

    const thief = await open(people[2]);
    await assert.rejects(thief.joinWithToken('not.a.token'), /JWT/);
  });
});

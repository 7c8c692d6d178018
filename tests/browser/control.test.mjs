import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './lib/chromium.mjs';
import { ControlPage } from './lib/control-page.mjs';
import { MeetPage } from './lib/meet-page.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const pictures = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));
const small = { width: 320, height: 180, fps: 12, codec: 'VP8' };

/** Outside development mode the page asks in vain for a token, and the browser says so. */
const complaintsOf = ({ complaints }) => complaints.filter((text) => !/status of 404/.test(text));

describe('The control room at /control', () => {
  const suite = useSuite({ launch: launchChromium });
  const publishers = [];
  const members = [];
  let page;
  let director;

  before(async () => {
    director = suite.gateway.token({ identity: 'director', grants: { nodeAdmin: true } });
    const publish = async (stream, turn, tone) => publishers.push(await suite.publish({ after: () => {} }, stream, { ...small, turn, tone }));
    await publish('show', 0, 440);
    await publish('camera1', 1, 620);
    await publish('camera2', 2, 880);
    for (const [name, turn] of [['Ada', 3], ['Ben', 0]]) {
      const member = await MeetPage.open(suite.browser, suite.gateway.url, { person: { name, turn, tone: 500 } });
      await member.joinWithToken(suite.gateway.token({ room: 'stage', identity: name.toLowerCase(), name }));
      members.push(member);
    }
    page = await ControlPage.open(suite.browser, suite.gateway.url);
    await page.direct(director, { stream: 'show', room: 'stage' });
  });
  after(async () => {
    for (const member of members) await member.close();
    await page?.close();
  });

  test('Six sources with their pictures, names, numbers and levels', async () => {
    await page.add('publisher', 'camera1');
    await page.reaches('camera1', 'is there', () => true);
    await page.add('publisher', 'camera2');
    await page.reaches('camera2', 'is there', () => true);
    await page.add('bars');
    await waitFor('there are six', async () => (await page.tiles()).length === 6);
    for (const [id, turn] of [['publisher', 0], ['camera1', 1], ['camera2', 2], ['ada', 3], ['ben', 0]]) {
      await page.sees(page.tileVideo(id), turn);
      await page.reaches(id, 'has a level and numbers', ({ level, measures }) => level > 0.01 && /kb\/s, 0\.0 % lost/.test(measures));
    }
    assert.deepEqual((await page.tiles()).map(({ number }) => number), ['1', '2', '3', '4', '5', '6']);
    assert.equal((await page.tile('ada')).title, 'Ada');
    await page.reaches('publisher', 'is on air', ({ state }) => state === 'on air');
    await page.sees('#program-video', 0);
  });

  test('Click to preview, key to cut: a viewer sees it', async (t) => {
    const viewer = await suite.watch(t, 'show');
    await viewer.sees(5);
    await page.click(`${page.tileVideo('camera1')}`);
    await page.reaches('camera1', 'is the preview', ({ classes }) => classes.includes('preview'));
    await page.sees('#preview-video', 1);
    await page.press('Space');
    await page.reaches('camera1', 'is on air', ({ state }) => state === 'on air');
    await page.reaches('publisher', 'is the preview', ({ classes }) => classes.includes('preview'));
    await page.sees('#program-video', 1);
    const shown = async (turn) => waitFor(`the viewer sees card ${turn}`, async () => {
      const colours = (await viewer.view()).card?.colours;
      return colours && Math.max(...colours[0].map((value, channel) => Math.abs(value - [[200, 40, 40], [40, 160, 40], [40, 40, 200], [210, 210, 210]][turn][channel]))) <= 40;
    });
    await shown(1);
    const ada = (await page.tile('ada')).number;
    await page.press(`Digit${ada}`);
    await page.reaches('ada', 'is the preview', ({ classes }) => classes.includes('preview'));
    await page.press('Enter');
    await shown(3);
    await page.press(`Shift+Digit${(await page.tile('camera2')).number}`);
    await shown(2);
    await viewer.hears(880);
    await page.click('.source[data-source="publisher"] .sound');
    await viewer.hears(440);
    await page.click('.source[data-source="publisher"] .sound');
    await viewer.hears(880);
  });

  test('Viewers whose quality is limited are counted, with the reason', async (t) => {
    const viewer = await suite.watch(t, 'show', { query: '?quality=low' });
    await viewer.sees(5);
    await waitFor('the reason is said', async () => /^Quality limited for 1 of \d: 1 asked for no more$/.test(await page.text('#limited')));
    await viewer.close();
    await waitFor('nobody is limited', async () => await page.text('#limited') === '');
  });

  test('Pictures of it', async () => {
    await page.click(page.tileVideo('ada'));
    await waitFor('the charts have something to show', async () => /kb\/s|Mb\/s/.test(await page.text('#rate')) && await page.text('#viewers') !== '');
    await page.screenshot(path.join(pictures, 'control.png'));
    const phone = await ControlPage.open(suite.browser, suite.gateway.url, { width: 390, height: 844 });
    await phone.direct(director, { stream: 'show' });
    await phone.sees(phone.tileVideo('camera1'), 1);
    assert.equal(await phone.overflows(), false);
    await phone.screenshot(path.join(pictures, 'control-phone.png'), { fullPage: true });
    assert.deepEqual(complaintsOf(phone), []);
    await phone.close();
  });

  test('A participant is muted, and sees it; is moved, and expelled', async () => {
    const [ada, ben] = members;
    await page.click('.source[data-source="ada"] .mute');
    await waitFor('Ada\'s page says that she is muted', async () => !(await ada.isPressed('#microphone')));
    await page.reaches('ada', 'is muted', ({ classes }) => classes.includes('muted'));
    await page.click('.source[data-source="ada"] .mute');
    await page.reaches('ada', 'is no longer muted', ({ classes }) => !classes.includes('muted'));

    await page.click('.source[data-source="ada"] .move', 'backstage');
    await page.reaches('ada', 'sends nothing', ({ classes }) => !classes.includes('live'));
    await waitFor('Ada is backstage', async () => await ada.text('#room-name') === 'backstage' && await ada.state() === 'joined');
    await page.click('.source[data-source="ben"] .expel', '');
    await ben.reaches('idle');
    await page.click('.source[data-source="ben"] .remove');
    await waitFor('there are five', async () => (await page.tiles()).length === 5);
    const events = await page.events();
    for (const told of ['camera1 is on air', 'Ada is muted', 'ada left stage', 'ben left stage (participant removed)']) assert.ok(events.includes(told), `${told}\n${events}`);
  });

  test('What goes wrong is said', async () => {
    const other = await ControlPage.open(suite.browser, suite.gateway.url);
    assert.match(await other.refused(suite.gateway.token({ room: 'show' }), { stream: 'show' }), /does not grant control/);
    await other.close();
    assert.deepEqual(complaintsOf(page), []);
  });
});

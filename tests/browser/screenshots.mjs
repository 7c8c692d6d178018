// Takes the pictures in docs/images: the page on a desktop and on a phone, watching a stream that is live; a meeting
// of four people, none of whom there is; and a control room. Arguments name some of them: stream, meeting, control.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './lib/chromium.mjs';
import { ControlPage } from './lib/control-page.mjs';
import { startGateway } from './lib/gateway.mjs';
import { GatewayPage } from './lib/gateway-page.mjs';
import { MeetPage } from './lib/meet-page.mjs';
import { waitFor } from './lib/wait.mjs';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const seconds = 20; // of measurements in the charts

const people = [
  { name: 'Ada Berg', tone: 440, wall: ['#dbe4ee', '#8fa3b8'], skin: '#f1c9a5', hair: '#3a2a20', shirt: '#6d5bd0' },
  { name: 'Grace Lindqvist', tone: 620, wall: ['#f3e3cf', '#c79f76'], skin: '#e6b48c', hair: '#8c8c8c', shirt: '#1f4e79' },
  { name: 'Katherine Okafor', tone: 880, wall: ['#d9ead3', '#7fa27a'], skin: '#8d5a3b', hair: '#1d1512', shirt: '#c0504d' },
  { name: 'Alan Weiss', tone: 1240, wall: ['#e7d6e6', '#94708f'], skin: '#efc3a0', hair: '#5b3b22', shirt: '#2f5d50' },
];

async function takeStream(gateway, browser) {
  const publisher = await GatewayPage.open(browser, gateway.url);
  await publisher.goLive('my-stream');
  await publisher.reaches('live');
  const desktop = await GatewayPage.open(browser, gateway.url, { height: 800 });
  const phone = await GatewayPage.open(browser, gateway.url, { width: 390, height: 844, colorScheme: 'dark' });
  for (const page of [desktop, phone]) {
    await page.watch('my-stream');
    await page.reaches('playing');
  }
  await waitFor('the charts have something to show', async () => (await desktop.video('player')).currentTime > seconds, { timeout: 60_000 });
  await desktop.screenshot(path.join(images, 'page-desktop.png'));
  await phone.screenshot(path.join(images, 'page-phone.png'));
  for (const page of [publisher, desktop, phone]) await page.close();
}

async function takeMeeting(gateway, browser) {
  const pages = [];
  for (const [index, { name, tone, ...portrait }] of people.entries()) {
    const size = index === 3 ? { width: 390, height: 844, colorScheme: 'dark' } : { width: 1280, height: 800 };
    const page = await MeetPage.open(browser, gateway.url, { person: { name, tone, turn: 0, portrait: { ...portrait, phase: index * 2 } }, ...size });
    await page.join('my-room', { height: '360', camera: name !== 'Katherine Okafor' });
    pages.push(page);
  }
  const [ada, grace, katherine, alan] = pages;
  for (const page of [ada, katherine, alan]) await page.press('m');
  await ada.click('#chat');
  await grace.click('#chat');
  await grace.say('Good morning! The minutes of last time:');
  await grace.sendFile({ name: 'minutes.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(1_400_000, 'minutes') });
  await waitFor('the file has arrived', async () => (await ada.progress())?.state === 'done', { timeout: 60_000 });
  await ada.say('Thank you, Grace.');
  for (const page of [ada, alan]) {
    await page.shows('Grace', 'speaks', ({ frames, classes }) => frames > 0 && classes.includes('speaking'));
    for (const { name } of people) await page.shows(name, 'its bars', ({ bars }) => bars === 3, { timeout: 30_000 });
    await waitFor('all have joined', async () => (await page.toasts()) === '');
  }
  await ada.screenshot(path.join(images, 'meet.png'));
  await alan.screenshot(path.join(images, 'meet-phone.png'));
}

/** Four people in a room, a test pattern and colour bars, directed into one stream. */
async function takeControl(gateway, browser) {
  const guests = [];
  for (const [index, { name, tone, ...portrait }] of people.entries()) {
    const guest = await MeetPage.open(browser, gateway.url, { person: { name, tone, turn: 0, portrait: { ...portrait, phase: index * 2 } } });
    await guest.join('studio', { height: '180' });
    guests.push(guest);
  }
  const publisher = await GatewayPage.open(browser, gateway.url);
  await publisher.goLive('stage-camera');
  const viewer = await GatewayPage.open(browser, gateway.url);
  await viewer.watch('evening-news');
  const page = await ControlPage.open(browser, gateway.url, { height: 940 });
  await page.direct(null, { stream: 'evening-news', room: 'studio' });
  await waitFor('the guests are sources', async () => (await page.tiles()).length === 5);
  await page.add('publisher', 'stage-camera');
  await page.add('bars');
  await waitFor('all are there', async () => (await page.tiles()).length === 7);
  await page.click('.source[data-source="publisher"] .number');
  for (const [id, tile] of (await page.tiles()).map((tile, index) => [tile.title, index]).filter(([title]) => title === 'Grace Lindqvist' || title === 'Ada Berg')) {
    await page.press(`Digit${tile + 1}`);
    await waitFor(`${id} is the preview`, async () => (await page.tiles())[tile].classes.includes('preview'));
    if (id === 'Ada Berg') await page.press('Space');
  }
  await waitFor('the charts have something to show', async () => (await page.events()).includes('Ada Berg is on air'));
  await page.click(page.tileVideo((await page.tiles()).find(({ title }) => title === 'Grace Lindqvist').id));
  await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
  await page.screenshot(path.join(images, 'control.png'));
}

const takes = { stream: takeStream, meeting: takeMeeting, control: takeControl };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(takes);
const gateway = await startGateway({ development: true });
const browser = await launchChromium();
try {
  for (const name of wanted) await takes[name](gateway, browser);
} finally {
  await browser.close();
  await gateway.stop();
}
console.log(`Written to ${images}`);

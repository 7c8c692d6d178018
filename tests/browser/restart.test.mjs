// What a crash of the gateway, and a stop of it, are for those who are there. Nobody's hand helps anybody.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { client, grpc } from '../control/lib/grpc.mjs';
import { launchChromium } from './lib/chromium.mjs';
import { startGateway } from './lib/gateway.mjs';
import { GatewayPage } from './lib/gateway-page.mjs';
import { Member } from './lib/livekit-member.mjs';
import { servePages } from './lib/pages.mjs';
import { dispose, Robot } from './lib/robot.mjs';
import { waitFor } from './lib/wait.mjs';

const stream = 'stage';
const room = 'meeting';
// Those who decode are few: the clients share the processor with the gateway, and most of it is theirs.
const viewerCount = 1;
const memberCount = 2;
const choirSize = 3;
const robotCount = 3;
const crowdSize = 43;
const tone = 440;

const graceSeconds = 20;

describe('Fifty clients', () => {
  let gateway;
  let browser;
  let pages;
  let publisher;
  const viewers = [];
  const members = [];
  const robots = [];
  const crowd = [];
  const leaders = () => robots.filter((_, index) => index % choirSize === 0);

  before(async () => {
    gateway = await startGateway({ environment: { MEDIAGATEWAY__Limits__HttpBurstPerSource: '1000' } });
    for (let i = 0; i < robotCount; i++) {
      robots.push(await Robot.join(gateway, `choir-${Math.floor(i / choirSize)}`, `robot-${i}`, { listens: i % choirSize === 1 }));
    }
    for (const leader of leaders()) await leader.publishTone(tone);
    for (const [index, robot] of robots.entries()) {
      if (index % choirSize === 1) await robot.hearsTone(`robot-${index - 1}`);
    }
    pages = await servePages();
    browser = await launchChromium();
    crowd.push(...await Member.joinMany(browser, crowdSize, (index) => ({
      pages, gateway, room: `crowd-${index % 4}`, identity: `guest-${index}`, options: { autoSubscribe: false },
    })));
    publisher = await GatewayPage.open(browser, gateway.url, { token: gateway.token({ room: stream }) });
    await publisher.goLive(stream);
    await publisher.reaches('live');
    for (let i = 0; i < viewerCount; i++) {
      const viewer = await GatewayPage.open(browser, gateway.url, { token: gateway.token({ room: stream, publish: false }) });
      await viewer.watch(stream);
      viewers.push(viewer);
    }
    for (const viewer of viewers) await viewer.reaches('playing');
    for (let i = 0; i < memberCount; i++) {
      const member = await Member.join(browser, { pages, gateway, room, identity: `member-${i}`, options: { singlePeerConnection: i % 2 === 0 } });
      await member.call('publishCard', { turn: i, simulcast: false });
      members.push(member);
    }
  }, { timeout: 240_000 });

  after(async () => {
    await gateway?.kill();
    await browser?.close();
    pages?.close();
    // A room that is just being joined anew may never be left, and then rtc-node keeps the process.
    setTimeout(() => process.exit(), 10_000).unref();
    await Promise.race([Promise.allSettled(robots.map((robot) => robot.leave())), pause(5000)]);
    await Promise.race([dispose(), pause(3000)]);
  });

  /** Seconds from a moment until each of these is back, as each says of itself. */
  async function allBack(since, everybody, back) {
    const seconds = everybody.map(() => undefined);
    await waitFor('everybody is back', async () => {
      await Promise.all(everybody.map(async (one, index) => {
        if (seconds[index] === undefined && await back(one, index)) seconds[index] = (Date.now() - since) / 1000;
      }));
      return seconds.every((value) => value !== undefined);
    }, { timeout: 90_000, interval: 200 }).catch((error) => {
      throw new Error(`${error.message}: ${seconds.filter((value) => value !== undefined).length} of ${everybody.length}`);
    });
    return seconds;
  }

  /** Whether the page has lost its session since then, and has another one. */
  const isPageBack = async (page, since, state) => {
    const states = (await page.states()).filter(({ at }) => at >= since);
    const lost = states.findIndex((entry) => entry.state === 'reconnecting');
    return lost >= 0 && states.slice(lost).some((entry) => entry.state === state);
  };

  const report = (t, what, seconds) => t.diagnostic(`${what}: back after ${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s`);

  test('The gateway is killed and started again: all are back by themselves', { timeout: 240_000 }, async (t) => {
    const sids = await Promise.all(members.map(async (member) => (await member.state()).sid));
    const robotSids = robots.map(({ sid }) => sid);
    const crowdSids = await Promise.all(crowd.map(async (guest) => (await guest.state()).sid));
    const since = Date.now();
    await gateway.kill();
    gateway = await gateway.again({ MEDIAGATEWAY__Limits__HttpBurstPerSource: '1000' });
    const ready = (Date.now() - since) / 1000;
    t.diagnostic(`ready after ${ready.toFixed(1)} s`);
    const [publishing, watching, meeting, singing, attending] = await Promise.all([
      allBack(since, [publisher], (page) => isPageBack(page, since, 'live')),
      allBack(since, viewers, (page) => isPageBack(page, since, 'playing')),
      allBack(since, members, async (member, index) => {
        const { connection, sid } = await member.state();
        if (connection !== 'connected' || sid === sids[index]) return false;
        const views = await Promise.all(members.filter((other) => other !== member).map(({ identity }) => member.call('view', { identity })));
        return views.every(({ frames }) => frames >= 3);
      }),
      allBack(since, robots, (robot, index) => robot.isConnected && robot.sid !== robotSids[index]),
      allBack(since, crowd, async (guest, index) => {
        const { connection, sid } = await guest.state();
        return connection === 'connected' && sid !== crowdSids[index];
      }),
    ]);
    report(t, 'WHIP page', publishing);
    report(t, 'WHEP pages', watching);
    report(t, 'livekit-client, each seeing all others', meeting);
    report(t, 'rtc-node', singing);
    report(t, 'livekit-client, those who only attend', attending);
    // Their data arrives, and their sound.
    for (const leader of leaders()) await leader.say('again');
    for (const [index, robot] of robots.entries()) {
      if (index % choirSize !== 0) await waitFor(`${robot.identity} is spoken to`, () => robot.received.some(({ text }) => text === 'again'));
      if (index % choirSize === 1) await robot.hearsTone(`robot-${index - 1}`, { timeout: 80_000 });
    }
    const all = [...publishing, ...watching, ...meeting, ...singing, ...attending];
    assert.equal(all.length, 50);
    assert.ok(Math.max(...all) < ready + 45, `the last one is back after ${Math.max(...all)} s`);
  });

  test('The gateway is told to stop: all are told, and it is gone within its bound', { timeout: 180_000 }, async (t) => {
    const watch = client('EventService', gateway.control, gateway.token({ identity: 'back-end', grants: { nodeAdmin: true } })).watch({});
    let ended;
    watch.on('data', () => {}).on('error', ({ code }) => { ended = code; });
    await waitFor('the watch runs', () => new Promise((resolve) => { watch.once('data', () => resolve(true)); }));
    for (const robot of robots) robot.events.length = 0;
    const everyMember = [...members, ...crowd];
    const events = await Promise.all(everyMember.map(async (member) => (await member.state()).events.length));
    const since = Date.now();
    await gateway.stop();
    const gone = (Date.now() - since) / 1000;
    t.diagnostic(`gone after ${gone.toFixed(1)} s`);
    assert.ok(gone < graceSeconds, `${gone} s`);
    const told = (states) => states.some(({ state, at }) => state === 'reconnecting' && at >= since);
    const [publishing, watching, meeting, singing] = await Promise.all([
      allBack(since, [publisher], async (page) => told(await page.states())),
      allBack(since, viewers, async (page) => told(await page.states())),
      allBack(since, everyMember, async (member, index) => (await member.state()).events.length > events[index]),
      allBack(since, robots, (robot) => robot.events.some(({ name }) => name !== 'Reconnected')),
    ]);
    await waitFor('the watch has a status', () => ended !== undefined);
    assert.equal(ended, grpc.status.UNAVAILABLE);
    const all = [...publishing, ...watching, ...meeting, ...singing];
    t.diagnostic(`told after ${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)} s`);
    // It is with the clients within a moment; most of the time they take to notice on a processor that all of them share.
    assert.ok(Math.max(...all) < 10, `the last one was told after ${Math.max(...all)} s`);
  });
});

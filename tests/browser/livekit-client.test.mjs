import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { Member } from './lib/livekit-member.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

/** Everybody has a card and a tone of their own, so that nobody can be taken for another. */
const people = {
  anna: { turn: 0, tone: 440 },
  ben: { turn: 1, tone: 620 },
  cleo: { turn: 2, tone: 880 },
};
const names = Object.keys(people);
const othersOf = (name) => names.filter((other) => other !== name);

for (const [mode, singlePeerConnection] of [['one peer connection', true], ['two peer connections', false]]) {
  describe(`livekit-client with ${mode}`, () => {
    const suite = useSuite({ launch: launchChromium });
    const room = singlePeerConnection ? 'single' : 'dual';
    const members = {};

    const join = (identity, { room: name = room, options = {}, ...grants } = {}) => Member.join(suite.browser, {
      pages: suite.pages, gateway: suite.gateway, room: name, identity, options: { singlePeerConnection, ...options }, ...grants,
    });
    /** Somebody for one test alone, in a room of its own. */
    const guest = async (t, identity, options) => {
      const member = await join(identity, options);
      t.after(() => member.close().catch(() => {}));
      return member;
    };
    const sees = (viewer, name, frames = 20) => members[viewer].seesFluently(name, frames, { turn: people[name].turn });

    before(async () => {
      for (const name of names) {
        members[name] = await join(name);
        await members[name].call('publishCard', { turn: people[name].turn });
        await members[name].call('publishTone', { tone: people[name].tone });
      }
    });
    after(async () => {
      for (const member of Object.values(members)) await member.close().catch(() => {});
    });

    test('Three people: each sees the two others\' cards and hears their tones', async () => {
      await Promise.all(names.map((viewer) => members[viewer].seeFluently(othersOf(viewer), 40, (name) => ({ turn: people[name].turn }))));
      for (const viewer of names) {
        for (const name of othersOf(viewer)) await members[viewer].hears(name, people[name].tone);
      }
      for (const viewer of names) {
        const { others, sid } = await members[viewer].state();
        assert.deepEqual(others, othersOf(viewer));
        assert.match(sid, /^PA_/);
      }
    });

    test('Speakers: who makes a sound is one, and is none once muted', async () => {
      await members.anna.reaches('all three speak', ({ speakers }) => speakers.length === 3);
      await members.ben.call('setMuted', { source: 'Microphone', muted: true });
      await members.anna.reaches('Ben is silent', ({ speakers }) => String(speakers) === 'anna,cleo');
      await members.anna.hearsNothing('ben');
      await waitFor('Cleo is told that Ben is muted', async () => (await members.cleo.call('view', { identity: 'ben' })).isSoundMuted);
      await members.ben.call('setMuted', { source: 'Microphone', muted: false });
      await members.anna.reaches('Ben speaks again', ({ speakers }) => speakers.includes('ben'));
      await members.anna.hears('ben', people.ben.tone);
    });

    test('A camera is muted and comes back', async () => {
      await members.cleo.call('setMuted', { source: 'Camera', muted: true });
      await waitFor('Anna is told', async () => (await members.anna.call('view', { identity: 'cleo' })).isPictureMuted);
      await members.cleo.call('setMuted', { source: 'Camera', muted: false });
      await members.anna.sees('cleo', 10, { turn: people.cleo.turn });
      await sees('ben', 'cleo', 10);
    });

    test('Data: to all, to one, reliable in order and lossy', async () => {
      await members.anna.call('sendData', { text: 'to all', topic: 'greeting' });
      for (const name of ['ben', 'cleo']) {
        const { received } = await members[name].reaches('has the message', (state) => state.received.length === 1);
        assert.equal(received[0].text, 'to all');
        assert.equal(received[0].from, 'anna');
        assert.equal(received[0].topic, 'greeting');
      }
      const numbers = Array.from({ length: 50 }, (_, index) => `number ${index}`);
      for (const text of numbers) await members.cleo.call('sendData', { text, to: ['ben'] });
      const { received } = await members.ben.reaches('has fifty more', (state) => state.received.length >= 51);
      assert.deepEqual(received.slice(1).map(({ text }) => text), numbers);
      assert.equal((await members.anna.state()).received.length, 0, 'what was for Ben reached Anna');
      await members.ben.call('sendData', { text: 'lossy', reliable: false });
      await members.anna.reaches('has the lossy message', (state) => state.received.some(({ text, from }) => text === 'lossy' && from === 'ben'));
    });

    test('A screen is shared beside the camera, and goes again', async () => {
      await members.ben.call('publishCard', { source: 'ScreenShare', width: 640, height: 360, turn: 3, simulcast: false });
      await members.anna.sees('ben', 15, { source: 'ScreenShare', width: 640, height: 360, turn: 3 });
      await sees('cleo', 'ben', 10);
      await members.ben.call('unpublish', { source: 'ScreenShare' });
      await waitFor('the screen is gone', async () => !(await members.anna.call('view', { identity: 'ben', source: 'ScreenShare' })).sid);
      await sees('anna', 'ben', 10);
    });

    test('Unsubscribed and subscribed again', async () => {
      await members.anna.call('setSubscribed', { identity: 'ben', subscribed: false });
      await waitFor('the picture is gone', async () => (await members.anna.call('view', { identity: 'ben' })).frames === undefined);
      await sees('anna', 'cleo', 10);
      await members.anna.call('setSubscribed', { identity: 'ben', subscribed: true });
      await members.anna.sees('ben', 10, { turn: people.ben.turn });
      await members.anna.hears('ben', people.ben.tone);
    });

    test('The signal is cut: media goes on, and the participant resumes as the same', async () => {
      const { sid } = await members.ben.state();
      await sees('anna', 'ben', 5);
      await members.ben.call('simulate', { scenario: 'signal-reconnect' });
      await members.ben.reaches('is back', ({ events }) => events.some(({ name }) => name === 'Reconnected'));
      const view = await members.anna.sees('ben', 20, { turn: people.ben.turn });
      assert.ok(view.longestGap < 1000, `a pause of ${view.longestGap} ms`);
      await sees('ben', 'anna', 10);
      const after = await members.ben.state();
      assert.equal(after.sid, sid);
      assert.ok(!after.events.some(({ name }) => name === 'Disconnected' || name === 'Reconnecting'), JSON.stringify(after.events));
      await members.ben.call('sendData', { text: 'after the cut' });
      await members.cleo.reaches('has what Ben says', (state) => state.received.some(({ text }) => text === 'after the cut'));
      await members.cleo.call('sendData', { text: 'to who resumed' });
      await members.ben.reaches('has what Cleo says', (state) => state.received.some(({ text }) => text === 'to who resumed'));
    });

    test('A full reconnect: a new participant of the same identity, seen and heard again', async () => {
      const { sid } = await members.cleo.state();
      await members.cleo.call('simulate', { scenario: 'full-reconnect' });
      await members.cleo.reaches('is back', (state) => state.connection === 'connected' && state.sid !== sid, { timeout: 30_000 });
      await members.anna.sees('cleo', 10, { turn: people.cleo.turn });
      await members.anna.hears('cleo', people.cleo.tone);
      await members.cleo.sees('anna', 10, { turn: people.anna.turn });
      await members.cleo.hears('ben', people.ben.tone);
      assert.deepEqual((await members.ben.state()).others, ['anna', 'cleo']);
    });

    test('Nobody\'s page has thrown anything', () => {
      for (const member of Object.values(members)) assert.deepEqual(member.complaints, []);
    });

    test('Low and high quality: another size without a pause of a second', async (t) => {
      const publisher = await guest(t, 'publisher', { room: `${room}-layers` });
      const viewer = await guest(t, 'viewer', { room: `${room}-layers` });
      await publisher.call('publishCard', { width: 960, height: 540, fps: 15 });
      const reachesSize = (size, timeout = 30_000) => waitFor(`the picture is ${size} pixels wide`,
        async () => (await viewer.call('view', { identity: 'publisher' })).width === size, { timeout });
      await reachesSize(960);
      await viewer.call('forgetGaps');
      await viewer.call('setQuality', { identity: 'publisher', quality: 'LOW' });
      await reachesSize(320);
      await viewer.sees('publisher', 20, { width: 320, height: 180 });
      await viewer.call('setQuality', { identity: 'publisher', quality: 'HIGH' });
      await reachesSize(960);
      const view = await viewer.sees('publisher', 20, { width: 960, height: 540 });
      assert.ok(view.longestGap < 1000, `a pause of ${view.longestGap} ms`);
    });

    // What signaling decides alone is the same with any number of connections.
    if (!singlePeerConnection) return;

    test('The same identity again: the first one is told and leaves', async (t) => {
      const first = await guest(t, 'double', { room: `${room}-double` });
      const second = await guest(t, 'double', { room: `${room}-double` });
      const { events } = await first.reaches('is out', (state) => state.connection === 'disconnected');
      assert.equal(events.find(({ name }) => name === 'Disconnected').detail, '2', 'the reason is not DUPLICATE_IDENTITY');
      assert.equal((await second.state()).connection, 'connected');
    });

    test('Permissions: who may not publish is refused and still sees; who may not subscribe sees nobody; a bad token opens nothing', async (t) => {
      const name = `${room}-permissions`;
      const speaker = await guest(t, 'speaker', { room: name, subscribe: false });
      await speaker.call('publishCard', { turn: 1 });
      const listener = await guest(t, 'listener', { room: name, publish: false });
      await listener.sees('speaker', 10, { turn: 1 });
      await assert.rejects(listener.call('publishTone', { tone: 440 }), /permission/i);
      await listener.call('sendData', { text: 'not allowed' }).catch(() => {});
      const other = await guest(t, 'other', { room: name });
      await other.call('publishCard', { turn: 2 });
      await listener.sees('other', 10, { turn: 2 });
      assert.equal((await speaker.call('view', { identity: 'other' })).frames, undefined, 'who may not subscribe sees somebody');
      assert.deepEqual((await speaker.state()).received, []);
      await assert.rejects(Member.join(suite.browser, {
        pages: suite.pages, room: name, identity: 'thief', gateway: { url: suite.gateway.url, token: () => 'not.a.token' },
      }));
    });
  });
}

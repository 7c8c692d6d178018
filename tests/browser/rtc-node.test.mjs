import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dispose } from '@livekit/rtc-node';
import { launchChromium } from './lib/chromium.mjs';
import { Member } from './lib/livekit-member.mjs';
import { pixelTolerance, Robot } from './lib/robot.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const orange = [150, 60, 180];
const teal = [110, 150, 70];

function assertColour(view, colour) {
  view.means.forEach((mean, plane) => {
    assert.ok(Math.abs(mean - colour[plane]) < pixelTolerance, `plane ${'YUV'[plane]} has the mean ${mean}, not ${colour[plane]}`);
  });
}

describe('rtc-node', () => {
  const suite = useSuite({ launch: launchChromium });
  let anna;
  let ben;
  before(async () => {
    anna = await Robot.join(suite.gateway, 'robots', 'anna');
    ben = await Robot.join(suite.gateway, 'robots', 'ben');
    await anna.publishColour(orange, { width: 640, height: 360 });
    await anna.publishTone(440);
    await ben.publishColour(teal);
    await ben.publishTone(1000);
  });
  after(async () => {
    await anna?.leave();
    await ben?.leave();
    await dispose();
  });

  test('Two robots see each other\'s colour and hear each other\'s tone', async (t) => {
    assertColour(await ben.sees('anna', 30), orange);
    assertColour(await anna.sees('ben', 30), teal);
    for (const [listener, speaker, tone] of [[ben, 'anna', 440], [anna, 'ben', 1000]]) {
      const heard = await listener.hearsTone(speaker);
      t.diagnostic(`${speaker}: ${heard.toFixed(1)} Hz`);
      assert.ok(Math.abs(heard - tone) < tone * 0.01, `${listener.identity} hears ${heard} Hz, not ${tone}`);
    }
  });

  test('Data to all and to one', async () => {
    const member = await Member.join(suite.browser, { pages: suite.pages, gateway: suite.gateway, room: 'robots', identity: 'cleo' });
    await anna.say('to all', { topic: 'greeting' });
    await waitFor('Ben has it', () => ben.received.some(({ text, from, topic }) => text === 'to all' && from === 'anna' && topic === 'greeting'));
    await member.reaches('has it', ({ received }) => received.some(({ text, from }) => text === 'to all' && from === 'anna'));
    await ben.say('to Cleo', { to: ['cleo'] });
    await member.reaches('has it', ({ received }) => received.some(({ text, from }) => text === 'to Cleo' && from === 'ben'));
    assert.ok(!anna.received.some(({ text }) => text === 'to Cleo'), 'what was for Cleo reached Anna');
    await member.close();
  });

  test('livekit-client in Chromium hears a robot, and the robot sees its card', async (t) => {
    const member = await Member.join(suite.browser, { pages: suite.pages, gateway: suite.gateway, room: 'robots', identity: 'dan' });
    t.after(() => member.close());
    await member.call('publishCard', { turn: 1 });
    await member.call('publishTone', { tone: 700 });
    await member.hears('anna', 440);
    await member.hears('ben', 1000);
    const seen = await anna.sees('dan', 20);
    assert.equal(`${seen.width}x${seen.height}`, '320x180');
    const heard = await anna.hearsTone('dan');
    assert.ok(Math.abs(heard - 700) < 7, `${heard} Hz`);
    let view;
    await waitFor('Dan sees Anna', async () => {
      view = await member.call('view', { identity: 'anna' });
      return view.frames >= 20;
    });
    const [red, green, blue] = view.card.colours[0];
    assert.ok(red > green && green > blue, `what Anna sends is orange, not rgb(${view.card.colours[0]})`);
  });
});

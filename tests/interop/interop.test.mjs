import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startGateway } from '../browser/lib/gateway.mjs';
import { aiortc, buildPion, pion } from './peers.mjs';

const address = process.env.TEST_HOST_ADDRESS;
const red = [200, 40, 40];

/** Neither stack uses loopback addresses, so the gateway is on the test host's own. */
describe('Other WebRTC stacks', { skip: address ? false : 'needs tests/netns.sh' }, () => {
  let gateway;
  before(async () => {
    await buildPion();
    gateway = await startGateway({ address });
  }, { timeout: 300_000 });
  after(() => gateway?.stop());

  const started = async (t, peer) => {
    t.after(() => peer.kill());
    const { status, body } = await peer.says('status');
    assert.equal(status, 201, body);
    return { ...peer, answer: body };
  };

  async function publishing(t, peer) {
    const publisher = await started(t, peer);
    await publisher.says('connected');
    return publisher;
  }

  async function assertSeesAndHears(t, peer) {
    const viewer = await started(t, peer);
    const { video, audio } = await viewer.says('video');
    assert.equal(video.size, '320x240');
    const distance = Math.max(...video.colour.map((value, channel) => Math.abs(value - red[channel])));
    assert.ok(distance <= 40, `the picture is rgb(${video.colour}), not rgb(${red})`);
    assert.ok(Math.abs(audio.frequency - 440) <= 4, `the sound is ${audio.frequency} Hz`);
    assert.ok(audio.share > 0.9, `${audio.share} of the sound is the tone`);
    assert.equal(await viewer.stop(), 200);
    return viewer.answer;
  }

  async function assertCountsEveryPacket(t, peer) {
    const viewer = await started(t, peer);
    const { video, audio } = await viewer.says('video');
    for (const { missing, repeated, backwards, sources } of [video, audio]) {
      assert.deepEqual({ missing, repeated, backwards, sources }, { missing: 0, repeated: 0, backwards: 0, sources: 1 });
    }
    assert.ok(audio.packets > 50, `${audio.packets} packets of sound`);
    assert.equal(await viewer.stop(), 200);
  }

  // H264 takes longer: aiortc's encoder ignores requests for a key frame and makes one every 250 pictures.
  for (const [codec, setup, answered] of [['VP8', 'actpass', 'passive'], ['H264', 'passive', 'active']]) {
    test(`aiortc publishes ${codec} and aiortc decodes it, offers with setup:${setup}`, async (t) => {
      const stream = `aiortc-${codec.toLowerCase()}`;
      const publisher = await publishing(t, aiortc(gateway, 'publish', stream, { codec, setup }));
      assert.match(publisher.answer, new RegExp(`^a=setup:${answered}\\r$`, 'm'));
      const answer = await assertSeesAndHears(t, aiortc(gateway, 'watch', stream, { codec, setup }));
      assert.match(answer, new RegExp(`^a=setup:${answered}\\r$`, 'm'));
      assert.equal(await publisher.stop(), 200);
    });
  }

  test('Parameter sets that aiortc sends once reach viewers who come later', async (t) => {
    const publisher = await publishing(t, aiortc(gateway, 'publish', 'sets-once', { codec: 'H264', setsOnce: true }));
    // Each waits for the next key frame, which is aiortc's seconds to make.
    await Promise.all([1, 2].map(() => assertSeesAndHears(t, aiortc(gateway, 'watch', 'sets-once', { codec: 'H264' }))));
    assert.equal(await publisher.stop(), 200);
  });

  for (const [profile, setup] of [['gcm', 'actpass'], ['cm', 'actpass'], ['gcm', 'passive'], ['cm', 'passive']]) {
    test(`pion publishes and pion counts every packet once, SRTP profile ${profile}, setup:${setup}`, async (t) => {
      const stream = `pion-${profile}-${setup}`;
      const publisher = await publishing(t, pion(gateway, 'publish', stream, { profile, setup }));
      await assertCountsEveryPacket(t, pion(gateway, 'watch', stream, { profile, setup }));
      assert.equal(await publisher.stop(), 200);
    });
  }

  test('What pion sends under one SRTP profile, pion and aiortc get under another', async (t) => {
    const publisher = await publishing(t, pion(gateway, 'publish', 'mixed', { profile: 'gcm' }));
    await assertCountsEveryPacket(t, pion(gateway, 'watch', 'mixed', { profile: 'cm' }));
    await assertSeesAndHears(t, aiortc(gateway, 'watch', 'mixed'));
    assert.equal(await publisher.stop(), 200);
  });

  test('aiortc publishes, and a viewer on pion that was there before gets it', async (t) => {
    const viewer = assertCountsEveryPacket(t, pion(gateway, 'watch', 'before', { packets: 60 }));
    const publisher = await publishing(t, aiortc(gateway, 'publish', 'before'));
    await viewer;
    assert.equal(await publisher.stop(), 200);
  });
});

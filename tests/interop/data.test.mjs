import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { startGateway } from '../browser/lib/gateway.mjs';
import { aiortcData, buildPionData, pionData } from './peers.mjs';
import { joinRoom } from './room.mjs';
import { startWerift } from './werift-peer.mjs';

const address = process.env.TEST_HOST_ADDRESS;
const chunk = 16 * 1024;
const total = 64 * chunk;

/** What a peer sends: each message of one repeated byte. */
function expectedDigest() {
  const digest = createHash('sha256');
  for (let index = 0; index < total / chunk; index++) digest.update(Buffer.alloc(chunk, index % 251));
  return digest.digest('hex');
}

/** Pages' own channels, relayed from one stack to another: text both ways, then a megabyte bit by bit. */
describe('Data channels of other stacks', { skip: address ? false : 'needs tests/netns.sh' }, () => {
  let gateway;
  before(async () => {
    await buildPionData();
    gateway = await startGateway({ address });
  }, { timeout: 300_000 });
  after(() => gateway?.stop());

  const stacks = { aiortc: aiortcData, pion: pionData, werift: startWerift };

  async function joined(t, room, identity, start) {
    const peer = start({ expect: total });
    t.after(() => peer.kill());
    const signaling = await joinRoom(gateway, { room, identity });
    t.after(() => signaling.drop());
    const { offer } = await peer.says('offer');
    await peer.tell({ answer: await signaling.offer(offer) });
    await peer.says('open');
    return { ...peer, leave: () => signaling.leave() };
  }

  for (const [from, to] of [['aiortc', 'pion'], ['pion', 'werift'], ['werift', 'aiortc']]) {
    test(`${from} to ${to}`, async (t) => {
      const room = `data-${from}-${to}`;
      const sender = await joined(t, room, 'sender', stacks[from]);
      const receiver = await joined(t, room, 'receiver', stacks[to]);
      await sender.tell({ text: 'Grüße aus der Ferne' });
      assert.deepEqual(await receiver.says('text'), { text: 'Grüße aus der Ferne' });
      await receiver.tell({ text: 'heard' });
      assert.deepEqual(await sender.says('text'), { text: 'heard' });
      await sender.tell({ binary: total });
      assert.deepEqual(await receiver.says('received'), { received: { bytes: total, sha256: expectedDigest() } });
      for (const peer of [sender, receiver]) {
        await peer.leave();
        await peer.stop();
      }
    });
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from '../browser/lib/chromium.mjs';
import { useSuite } from '../browser/lib/suite.mjs';
import { client, grpc } from './lib/grpc.mjs';

const seconds = 8;
const inFlight = 50;

describe('A flood of calls', () => {
  const suite = useSuite({ launch: launchChromium });

  /** Calls as fast as answers come, and counts them by status. */
  async function flood(token, until) {
    const counts = {};
    const rooms = client('RoomService', suite.gateway.control, token);
    let number = 0;
    const caller = async () => {
      while (performance.now() < until) {
        const name = `flood ${++number % 500}`;
        const call = number % 3 === 0 ? rooms.createRoom({ name }) : number % 3 === 1 ? rooms.listRooms({ pageSize: 100 }) : rooms.deleteRoom({ name });
        const status = await call.then(() => grpc.status.OK, ({ code }) => code);
        counts[grpc.status[status]] = (counts[grpc.status[status]] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, caller));
    return counts;
  }

  test('slows no media', async (t) => {
    await suite.publish(t, 'calm', { codec: 'VP8', width: 320, height: 180 });
    const viewer = await suite.watch(t, 'calm');
    await viewer.sees(25);
    const measure = async (during) => {
      await viewer.forgetGaps();
      const before = await viewer.view();
      const outcome = await during(performance.now() + seconds * 1000);
      const after = await viewer.view();
      return { outcome, gap: after.longestGap, lost: after.videoIn[0].packetsLost - before.videoIn[0].packetsLost, frames: after.frames - before.frames };
    };
    const idle = await measure((until) => new Promise((resolve) => { setTimeout(resolve, until - performance.now()); }));
    const token = suite.gateway.token({ identity: 'flooder', grants: { nodeAdmin: true } });
    const flooded = await measure((until) => flood(token, until));
    const calls = Object.values(flooded.outcome).reduce((sum, count) => sum + count, 0);
    t.diagnostic(`idle: ${idle.frames} pictures, longest pause ${idle.gap} ms; ${Math.round(calls / seconds)} calls/s (${JSON.stringify(flooded.outcome)}): ${flooded.frames} pictures, longest pause ${flooded.gap} ms, ${flooded.lost} packets lost`);

    assert.ok(flooded.outcome.RESOURCE_EXHAUSTED > 0, 'nothing was refused');
    assert.ok(calls / seconds > 200, `only ${calls} calls`);
    assert.equal(flooded.lost, 0);
    assert.ok(flooded.gap < 500, `a pause of ${flooded.gap} ms`);
    // The caller takes a processor of its own, which the browser has when it is idle.
    assert.ok(flooded.frames > idle.frames * 0.75, `${flooded.frames} pictures instead of ${idle.frames}`);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { assertCard } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

describe('A sender learns what the way to the gateway can carry', () => {
  const suite = useSuite({ launch: launchChromium });

  // Without transport-wide feedback Chromium stays at its start bitrate of 300 kb/s.
  test('Chromium raises its bitrate above 1.5 Mb/s', async (t) => {
    const publisher = await suite.publish(t, 'ramp', { codec: 'VP8', picture: 'noise', maxBitrate: 2_500_000 });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    await publisher.connected();
    const since = performance.now();
    let sent = 0;
    await waitFor('1.5 Mb/s sent', async () => {
      sent = await publisher.sentBitrate(1500);
      return sent > 1_500_000;
    }, { timeout: 60_000 }).catch(async (error) => {
      throw new Error(`${error.message}; ${Math.round(sent / 1000)} kb/s, ${JSON.stringify(await publisher.statistics())}`);
    });
    const { availableOutgoingBitrate } = await publisher.statistics();
    assert.ok(availableOutgoingBitrate > 1_500_000, `estimated ${availableOutgoingBitrate} b/s`);
    t.diagnostic(`${Math.round(sent / 1000)} kb/s after ${Math.round(performance.now() - since)} ms`);
  });

  test('A simulcast publisher sends three layers, and the viewer gets the best one', async (t) => {
    const publisher = await suite.publish(t, 'layers', { codec: 'VP8', width: 1280, height: 720, fps: 15, simulcast: true });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    assert.match(publisher.response.answer, /^a=simulcast:recv q;h;f\r$/m);
    const viewer = await suite.watch(t, 'layers');
    await waitFor('the viewer gets the best layer', async () => {
      const { width, height } = await viewer.view();
      return width === 1280 && height === 720;
    }, { timeout: 40_000 });
    const { videoOut } = await publisher.statistics();
    assert.deepEqual(videoOut.map((layer) => layer.rid).sort(), ['f', 'h', 'q']);
    await viewer.forgetGaps();
    const view = await viewer.sees(45);
    assertCard(view, { width: 1280, height: 720 });
    assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
    await viewer.hears(440);
  });
});

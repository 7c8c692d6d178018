import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { assertCard } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

describe('A stream whose viewers are on two media workers', () => {
  const suite = useSuite({
    launch: launchChromium,
    environment: { MEDIAGATEWAY__Media__Workers: '2', MEDIAGATEWAY__Media__ViewersPerWorker: '1' },
  });

  /** Two viewers, the first on the stream's own worker and the second on the other one. */
  async function watchBoth(t, stream) {
    const viewers = [await suite.watch(t, stream), await suite.watch(t, stream)];
    for (const viewer of viewers) {
      assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));
      await viewer.connected();
    }
    const [home, away] = await Promise.all(viewers.map(async (viewer) => (await viewer.statistics()).remotePort));
    assert.notEqual(home, away, 'both viewers are on one worker');
    return viewers;
  }

  for (const codec of ['VP8', 'AV1']) {
    test(`${codec}: both see and hear`, async (t) => {
      const publisher = await suite.publish(t, `both-${codec}`, { codec });
      assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
      await Promise.all((await watchBoth(t, `both-${codec}`)).map(async (viewer) => {
        assertCard(await viewer.sees(40));
        await viewer.hears(440);
        const { videoIn: [video] } = await viewer.statistics();
        assert.equal(video.packetsLost, 0);
      }));
    });
  }

  test('A publisher that takes over is seen and heard by both on the tracks that they have', async (t) => {
    await suite.publish(t, 'takeover', { codec: 'VP8' });
    const viewers = await watchBoth(t, 'takeover');
    const before = await Promise.all(viewers.map((viewer) => viewer.sees(40)));
    const second = await suite.publish(t, 'takeover', { codec: 'VP8', query: '?takeover=1' });
    assert.equal(second.status, 201, JSON.stringify(second.problem));
    await Promise.all(viewers.map(async (viewer, index) => {
      const view = await viewer.sees(40);
      assertCard(view, { maximumAge: 3000 });
      assert.deepEqual(view.tracks, before[index].tracks, 'the viewer has got new tracks');
      await viewer.hears(440);
    }));
  });

  test('An ICE restart of the viewer on the other worker keeps the media going', async (t) => {
    await suite.publish(t, 'restart', { codec: 'VP8' });
    const [, away] = await watchBoth(t, 'restart');
    await away.sees(40);
    await away.forgetGaps();
    const { localUfrag, remotePort } = await away.statistics();
    const restarted = await away.restartIce();
    assert.equal(restarted.status, 200, restarted.body);
    await waitFor('the transport uses the new ICE session', async () => {
      const now = await away.statistics();
      return now.connection === 'connected' && now.localUfrag !== localUfrag;
    });
    const view = await away.sees(75);
    assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
    assert.equal((await away.statistics()).remotePort, remotePort);
    assert.equal((await away.close()).status, 200);
  });
});

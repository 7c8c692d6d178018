import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { assertCard } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';

describe('One publisher, two viewers', () => {
  const suite = useSuite({ launch: launchChromium });

  for (const codec of ['VP8', 'H264', 'VP9', 'AV1']) {
    test(`${codec}: both viewers see the card and hear the tone without a freeze`, async (t) => {
      const stream = `codec-${codec.toLowerCase()}`;
      const publisher = await suite.publish(t, stream, { codec });
      assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
      const viewers = [await suite.watch(t, stream), await suite.watch(t, stream)];
      for (const viewer of viewers) assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));

      await Promise.all(viewers.map((viewer) => viewer.sees(10)));
      for (const viewer of viewers) await viewer.forgetGaps();
      const views = await Promise.all(viewers.map((viewer) => viewer.sees(75)));
      for (const view of views) {
        assertCard(view);
        assert.equal(view.videoIn[0].codec, codec);
        assert.ok(view.videoIn[0].framesDecoded >= 75, `${view.videoIn[0].framesDecoded} frames decoded`);
        assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
        t.diagnostic(`${view.videoIn[0].framesDecoded} frames, longest gap ${view.longestGap} ms, ${view.card.age} ms old, `
          + `${view.tlsVersion} ${view.srtpCipher}`);
      }
      await Promise.all(viewers.map((viewer) => viewer.hears(440)));
    });
  }

  test('A camera and another tone: viewers see moving pictures of its size and hear that tone', async (t) => {
    const publisher = await suite.publish(t, 'camera', { codec: 'VP8', camera: true, width: 640, height: 480, tone: 880 });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    const viewer = await suite.watch(t, 'camera');
    const view = await viewer.sees(40);
    assert.equal(`${view.width}x${view.height}`, '640x480');
    await viewer.hears(880);
  });
});

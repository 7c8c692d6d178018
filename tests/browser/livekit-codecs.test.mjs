import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { Member } from './lib/livekit-member.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

/** H.264 by simulcast, VP9 and AV1 by spatial layers in one stream (L3T3_KEY); VP8 is every other test's. */
const codecs = [
  { videoCodec: 'h264', low: [320, 180], singlePeerConnection: true },
  { videoCodec: 'vp9', low: [240, 136], singlePeerConnection: false },
  { videoCodec: 'av1', low: [240, 136], singlePeerConnection: true },
];

describe('livekit-client in other codecs', () => {
  const suite = useSuite({ launch: launchChromium });

  for (const { videoCodec, low: [width, height], singlePeerConnection } of codecs) {
    test(`${videoCodec}: decoded, and low and high quality without a pause of a second`, async (t) => {
      const join = async (identity) => {
        const member = await Member.join(suite.browser, {
          pages: suite.pages, gateway: suite.gateway, room: videoCodec, identity, options: { singlePeerConnection },
        });
        t.after(() => member.close().catch(() => {}));
        return member;
      };
      const publisher = await join('publisher');
      const viewer = await join('viewer');
      // Chromium makes no layer below 240 by 135.
      const size = { width: 960, height: 540 };
      await publisher.call('publishCard', { ...size, fps: 12, turn: 2, videoCodec });
      let last;
      const reachesSize = (wide) => waitFor(`the picture is ${wide} pixels wide`, async () => {
        last = await viewer.call('view', { identity: 'publisher' });
        return last.width === wide;
      }, { timeout: 30_000 }).catch((error) => { throw new Error(`${error.message}; ${JSON.stringify(last)}`); });
      await reachesSize(size.width);
      assert.equal((await viewer.sees('publisher', 20, { ...size, turn: 2 })).mimeType.toLowerCase(), `video/${videoCodec}`);
      await viewer.call('forgetGaps');
      await viewer.call('setQuality', { identity: 'publisher', quality: 'LOW' });
      await reachesSize(width);
      await viewer.sees('publisher', 20, { width, height, turn: 2 });
      await viewer.call('setQuality', { identity: 'publisher', quality: 'HIGH' });
      await reachesSize(size.width);
      const view = await viewer.sees('publisher', 20, { ...size, turn: 2 });
      assert.ok(view.longestGap < 1000, `a pause of ${view.longestGap} ms`);
      assert.deepEqual([...publisher.complaints, ...viewer.complaints], []);
    });
  }
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { GatewayPage } from './lib/gateway-page.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const pictures = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url));

describe('The gateway\'s own page, in development mode', () => {
  const suite = useSuite({ launch: launchChromium, development: true });

  const open = async (t, options) => {
    const page = await GatewayPage.open(suite.browser, suite.gateway.url, options);
    t.after(() => page.close());
    return page;
  };

  test('Go live with the test pattern and watch it in another window, with charts', async (t) => {
    const publisher = await open(t);
    await publisher.goLive('page');
    await publisher.reaches('live');
    const viewer = await open(t);
    await viewer.watch('page');
    await viewer.reaches('playing');

    const before = await viewer.video('player');
    assert.ok(before.videoWidth > 0 && !before.paused, JSON.stringify(before));
    await waitFor('the video goes on', async () => (await viewer.video('player')).currentTime > before.currentTime + 2);
    for (const page of [publisher, viewer]) {
      await waitFor('a bitrate is shown', async () => /^[1-9][\d.]* (kb|Mb)\/s$/.test(await page.output('bitrate')));
      await waitFor('a frame rate is shown', async () => parseInt(await page.output('frame-rate'), 10) >= 5);
      const chart = await page.chart('bitrate-chart');
      assert.ok(chart.drawn > 0, 'the chart is blank');
      await waitFor('the chart moves', async () => (await page.chart('bitrate-chart')).hash !== chart.hash);
    }
    await viewer.screenshot(path.join(pictures, 'watch.png'));

    assert.equal(await viewer.stop(), 200);
    assert.equal(await viewer.state(), 'idle');
    assert.equal(await publisher.stop(), 200);
    assert.equal(await publisher.state(), 'idle');
    assert.deepEqual([...publisher.complaints, ...viewer.complaints], []);
  });

  test('A taken stream is refused in words, and taken over on request', async (t) => {
    const first = await open(t);
    await first.goLive('contested');
    await first.reaches('live');
    const second = await open(t);
    await second.goLive('contested');
    await waitFor('the refusal is shown', async () => /take over/i.test(await second.error()));
    assert.equal(await second.state(), 'idle');
    await second.goLive('contested', { takeover: true });
    await second.reaches('live');
  });

  test('On a phone everything fits the width', async (t) => {
    const phone = await open(t, { width: 390, height: 844, colorScheme: 'dark' });
    assert.equal(await phone.overflows(), false);
    await phone.goLive('phone');
    await phone.reaches('live');
    assert.equal(await phone.overflows(), false);
    await phone.screenshot(path.join(pictures, 'phone.png'));
    assert.deepEqual(phone.complaints, []);
  });
});

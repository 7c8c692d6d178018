import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from './lib/chromium.mjs';
import { assertCard } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const resumeWithin = 3000;

/** Viewers go on with the tracks that they have: pictures within three seconds of the answer, and sound. */
async function assertGoesOn(viewer, tracks, since) {
  await viewer.sees(1, { timeout: resumeWithin });
  const delay = Math.round(performance.now() - since);
  assert.ok(delay <= resumeWithin, `pictures resumed after ${delay} ms`);
  await viewer.forgetGaps();
  const view = await viewer.sees(40);
  assertCard(view, { maximumAge: 3000 });
  assert.deepEqual(view.tracks, tracks, 'the viewer has got new tracks');
  assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
  await viewer.hears(440);
  return delay;
}

describe('A stream outlives its publisher', () => {
  const suite = useSuite({ launch: launchChromium });

  test('A viewer before the publisher waits and then sees and hears', async (t) => {
    const viewer = await suite.watch(t, 'early');
    assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));
    await viewer.connected();
    assert.equal((await viewer.view()).frames, 0);

    const publisher = await suite.publish(t, 'early', { codec: 'VP8' });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    assertCard(await viewer.sees(40));
    await viewer.hears(440);
  });

  test('A reload of the publisher\'s page: the viewers\' tracks go on within 3 seconds', async (t) => {
    const token = suite.gateway.token({ room: 'reload', identity: 'anna' });
    const page = await suite.probe(t);
    const first = await page.publish(suite.publishOptions('reload', { codec: 'VP8', token }));
    const viewers = [await suite.watch(t, 'reload'), await suite.watch(t, 'reload')];
    const before = await Promise.all(viewers.map((viewer) => viewer.sees(40)));
    assert.equal((await first.close()).status, 200);
    await page.close();

    const second = await suite.publish(t, 'reload', { codec: 'VP8', token });
    assert.equal(second.status, 201, JSON.stringify(second.problem));
    const since = performance.now();
    const delays = await Promise.all(viewers.map((viewer, index) => assertGoesOn(viewer, before[index].tracks, since)));
    t.diagnostic(`pictures again after ${delays.join(' and ')} ms`);
  });

  test('A second publisher is refused with 409, and takes over when it asks to', async (t) => {
    const first = await suite.publish(t, 'takeover', { codec: 'VP8' });
    assert.equal(first.status, 201, JSON.stringify(first.problem));
    const viewer = await suite.watch(t, 'takeover');
    const before = await viewer.sees(40);

    const refused = await suite.publish(t, 'takeover', { codec: 'VP8' });
    assert.equal(refused.status, 409);
    assert.equal(refused.problem.code, 'stream_taken');
    await viewer.sees(10); // the refusal has not disturbed what is live

    const second = await suite.publish(t, 'takeover', { codec: 'VP8', query: '?takeover=1' });
    assert.equal(second.status, 201, JSON.stringify(second.problem));
    await assertGoesOn(viewer, before.tracks, performance.now());
    await waitFor('the first publisher is told', async () => {
      const { connection } = await first.statistics();
      return connection === 'closed' || connection === 'failed' || connection === 'disconnected';
    });
  });

  test('A publisher that vanished without a word is replaced by take-over', async (t) => {
    const page = await suite.probe(t);
    await page.publish(suite.publishOptions('crash', { codec: 'VP8' }));
    const viewer = await suite.watch(t, 'crash');
    const before = await viewer.sees(40);
    await page.close();

    const second = await suite.publish(t, 'crash', { codec: 'VP8', query: '?takeover=1' });
    assert.equal(second.status, 201, JSON.stringify(second.problem));
    await assertGoesOn(viewer, before.tracks, performance.now());
  });

  test('A gateway that was stopped for ten seconds goes on by itself, and takes nothing of it for an overload', async (t) => {
    const { gateway } = suite;
    await suite.publish(t, 'suspended', { codec: 'VP8' });
    const viewers = [await suite.watch(t, 'suspended'), await suite.watch(t, 'suspended')];
    const before = await Promise.all(viewers.map((viewer) => viewer.sees(40)));
    const logged = gateway.log.length;

    process.kill(gateway.pid, 'SIGSTOP');
    t.after(() => process.kill(gateway.pid, 'SIGCONT'));
    await pause(10_000);
    process.kill(gateway.pid, 'SIGCONT');
    const since = performance.now();
    const delays = await Promise.all(viewers.map((viewer, index) => assertGoesOn(viewer, before[index].tracks, since)));
    t.diagnostic(`pictures again after ${delays.join(' and ')} ms`);

    const lines = gateway.log.slice(logged).split('\n').filter((line) => line);
    assert.ok(lines.length <= 5 && !lines.some((line) => /overload|error/i.test(line)), lines.join('\n'));
  });

  for (const side of ['publisher', 'viewer']) {
    test(`An ICE restart of the ${side} keeps the media going`, async (t) => {
      const stream = `restart-${side}`;
      const publisher = await suite.publish(t, stream, { codec: 'VP8' });
      const viewer = await suite.watch(t, stream);
      const before = await viewer.sees(40);
      await viewer.forgetGaps();

      const session = side === 'publisher' ? publisher : viewer;
      const { localUfrag } = await session.statistics();
      const restarted = await session.restartIce();
      assert.equal(restarted.status, 200, restarted.body);
      assert.ok(restarted.etag && restarted.etag !== restarted.previousEtag, 'a restart makes a new entity tag');
      await waitFor('the transport uses the new ICE session', async () => {
        const now = await session.statistics();
        return now.connection === 'connected' && now.localUfrag !== localUfrag;
      });
      const view = await viewer.sees(75);
      assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
      assert.deepEqual(view.tracks, before.tracks);
      assert.equal((await session.close()).status, 200);
    });
  }
});

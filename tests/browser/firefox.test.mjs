import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { assertCard, openProbe } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';

const address = process.env.TEST_HOST_ADDRESS;

/** Small pictures: two browsers share the machine here. */
const card = { codec: 'VP8', width: 320, height: 240, fps: 15 };

async function assertSeesAndHears(viewer) {
  assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));
  await viewer.sees(10);
  await viewer.forgetGaps();
  const view = await viewer.sees(40);
  assertCard(view, card);
  assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
  await viewer.hears(440);
}

describe('Firefox', { skip: address ? false : 'needs tests/netns.sh' }, () => {
  const suite = useSuite({ launch: launchFirefox, address });
  let chromium;
  before(async () => { chromium = await launchChromium(); });
  after(() => chromium?.close());

  const inChromium = async (t) => {
    const probe = await openProbe(chromium, suite.pages.url);
    t.after(() => probe.close());
    return probe;
  };

  test('Firefox publishes; Firefox and Chromium see the card and hear the tone', async (t) => {
    const firefox = await suite.probe(t);
    const publisher = await firefox.publish(suite.publishOptions('fox', card));
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    await assertSeesAndHears(await firefox.watch(suite.watchOptions('fox')));
    await assertSeesAndHears(await (await inChromium(t)).watch(suite.watchOptions('fox')));
  });

  test('Chromium publishes; Firefox sees the card and hears the tone', async (t) => {
    const publisher = await (await inChromium(t)).publish(suite.publishOptions('chrome', card));
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    await assertSeesAndHears(await suite.watch(t, 'chrome'));
  });

  test('Firefox sends simulcast; Chromium sees its card and hears its tone', async (t) => {
    const publisher = await suite.publish(t, 'fox-layers', { ...card, width: 640, height: 480, simulcast: true });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    assert.match(publisher.response.answer, /^a=simulcast:recv q;h;f\r$/m);
    const viewer = await (await inChromium(t)).watch(suite.watchOptions('fox-layers'));
    await viewer.sees(10);
    await viewer.forgetGaps();
    const view = await viewer.sees(40);
    assertCard(view, { width: view.width, height: view.width * 3 / 4 });
    assert.ok(view.longestGap < 1000, `a freeze of ${view.longestGap} ms`);
    await viewer.hears(440);
  });
});

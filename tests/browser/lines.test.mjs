import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LineBench } from './lib/line-bench.mjs';
import { wide } from './lib/line-cases.mjs';

const needsNetwork = process.env.TEST_HOST_ADDRESS ? false : 'needs tests/netns.sh';

/** `make lines` has all cases; those are here that are over soon. */
describe('Chromium behind a line', { skip: needsNetwork }, () => {
  let bench;
  before(async () => {
    bench = await LineBench.open();
    await bench.publish();
  });
  after(() => bench?.close());

  test('of 10 Mb/s: the best layer within 3 s, and every sound', async (t) => {
    keeps(t, await wide(bench, { seconds: 5 }));
  });
});

function keeps(t, figures) {
  const texts = Object.entries(figures).map(([name, { value, bound, sign }]) => `${name}: ${value}${bound === undefined ? '' : ` (${sign} ${bound})`}`);
  t.diagnostic(texts.join('; '));
  const broken = Object.entries(figures).filter(([, { keeps: holds = true }]) => !holds).map(([name]) => name);
  assert.deepEqual(broken, [], texts.join('\n'));
}

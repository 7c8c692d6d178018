import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { MeetPage } from './lib/meet-page.mjs';
import { useSuite } from './lib/suite.mjs';
import { waitFor } from './lib/wait.mjs';

const piece = 1024 * 1024;
const pieces = 100;
/** What the gateway may grow by while 100 MB pass through it: two queues of 2 MiB, and what its garbage collector lets lie. */
const maxGrowth = 32 * 1024 * 1024;

describe('A file of 100 MB through one channel', () => {
  const suite = useSuite({ launch: launchChromium, development: true });
  let folder;
  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'meet-file-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  const resident = async () => {
    const status = await readFile(`/proc/${suite.gateway.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
  };

  async function write(name, count) {
    const digest = createHash('sha256');
    const file = await open(path.join(folder, name), 'w');
    for (let i = 0; i < count; i++) {
      const bytes = randomBytes(piece);
      digest.update(bytes);
      await file.write(bytes);
    }
    await file.close();
    return { file: path.join(folder, name), sha256: digest.digest('hex') };
  }

  async function send(sender, receiver, { file, sha256 }) {
    let peak = 0;
    const since = performance.now();
    await sender.sendFile(file);
    await waitFor(`${path.basename(file)} is sent`, async () => {
      peak = Math.max(peak, await resident());
      const { state, note = '' } = await sender.progress() ?? {};
      assert.notEqual(state, 'failed', note);
      return state === 'done' && note.includes(path.basename(file));
    }, { timeout: 120_000 });
    await waitFor('it has arrived', async () => {
      const { state, note = '' } = await receiver.progress() ?? {};
      return state === 'done' && note.includes(path.basename(file));
    });
    assert.deepEqual(await receiver.savedFile(), { name: path.basename(file), sha256 });
    return { peak, seconds: (performance.now() - since) / 1000 };
  }

  test('arrives bit by bit, and the gateway does not grow by it', async (t) => {
    const pages = [];
    for (const name of ['Ada', 'Ben']) {
      const page = await MeetPage.open(suite.browser, suite.gateway.url, { person: { name, turn: 0, tone: 440 } });
      t.after(() => page.close().catch(() => {}));
      await page.join('large', { camera: false, microphone: false });
      pages.push(page);
    }
    await pages[1].click('#chat');
    await send(pages[0], pages[1], await write('warm-up.bin', 10));
    const before = await resident();
    const { peak, seconds } = await send(pages[0], pages[1], await write('large.bin', pieces));
    t.diagnostic(`${(pieces / seconds).toFixed(1)} MiB/s; the gateway had ${Math.round(before / piece)} MiB before, ${Math.round(peak / piece)} MiB at most`);
    assert.ok(peak - before < maxGrowth, `it grew from ${before} to ${peak} bytes`);
    for (const page of pages) assert.deepEqual(page.complaints, []);
  });
});

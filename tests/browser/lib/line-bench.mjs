import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { startGateway } from './gateway.mjs';
import { Line } from './line.mjs';
import { openProbe } from './media-probe.mjs';
import { servePages } from './pages.mjs';
import { waitFor } from './wait.mjs';

/** The three layers of what is published: widths in pixels, and what each may take in bits per second. */
export const widths = { low: 160, middle: 320, high: 640 };
const bitrates = [150_000, 500_000, 1_700_000];
const stream = 'line';

/** A gateway, a publisher beside it, and a browser behind a line. */
export class LineBench {
  #closings = [];

  static async open({ browser = 'chromium' } = {}) {
    const bench = new LineBench();
    try {
      await bench.#open(browser);
    } catch (error) {
      await bench.close();
      throw error;
    }
    return bench;
  }

  async #open(browser) {
    const address = process.env.TEST_HOST_ADDRESS;
    this.gateway = await startGateway({ address });
    this.#closings.push(() => this.gateway.stop());
    this.pages = await servePages(address);
    this.#closings.push(() => this.pages.close());
    this.line = await Line.open();
    this.#closings.push(() => this.line.close());
    this.viewers = await (browser === 'firefox' ? launchFirefox : launchChromium)({ line: this.line });
    this.#closings.push(() => this.viewers.close());
    // Three layers of a picture as small as ours, which costs little to encode: else Chromium sends two.
    this.publishers = await launchChromium({ trials: 'WebRTC-LegacySimulcastLayerLimit/Disabled/' });
    this.#closings.push(() => this.publishers.close());
  }

  /** VP8 in three layers that take all that they may, and a tone. */
  async publish() {
    const probe = await openProbe(this.publishers, this.pages.url);
    this.publisher = await probe.publish({
      endpoint: this.gateway.whip(stream), token: this.gateway.token({ room: stream, subscribe: false }),
      codec: 'VP8', picture: 'noise', width: widths.high, height: widths.high * 9 / 16, fps: 25, simulcast: true, bitrates,
    });
    assert.equal(this.publisher.status, 201, JSON.stringify(this.publisher.problem));
    const wanted = 0.85 * bitrates.reduce((sum, rate) => sum + rate);
    let sent;
    await waitFor('all layers at their rates', async () => {
      sent = await this.publisher.sentBitrate(1000);
      return sent > wanted;
    }, { timeout: 60_000 }).catch(async (error) => {
      throw new Error(`${error.message}: ${sent} b/s; ${JSON.stringify((await this.publisher.statistics()).videoOut)}`);
    });
  }

  /** A page that is there, so that nothing but the viewer itself takes the line when it starts. */
  async page() {
    this.line.widen();
    return openProbe(this.viewers, this.pages.url);
  }

  async watch(probe) {
    const viewer = await probe.watch({
      endpoint: this.gateway.whep(stream), token: this.gateway.token({ room: stream, publish: false }), records: true,
    });
    assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));
    return viewer;
  }

  /** Somebody who loads a file over the line for as long as the test takes, by TCP with CUBIC. Returns what tells the bytes so far. */
  async download() {
    let bytes = 0;
    const block = Buffer.alloc(1 << 16);
    const server = createServer((request, response) => {
      const fill = () => {
        while (response.write(block));
        bytes = response.socket.bytesWritten - response.socket.writableLength;
      };
      response.on('drain', fill).on('error', () => {});
      fill();
    }).listen(0, process.env.TEST_HOST_ADDRESS);
    await once(server, 'listening');
    const loader = this.line.spawn('curl', ['--silent', '--output', '/dev/null', `http://${process.env.TEST_HOST_ADDRESS}:${server.address().port}/`]);
    return {
      get bytes() { return bytes; },
      stop: async () => {
        loader.kill();
        server.closeAllConnections();
        server.close();
        await once(loader, 'exit');
      },
    };
  }

  async close() {
    for (const close of this.#closings.reverse()) await close();
    this.#closings = [];
  }
}

/** Lets what is measured go on for so many seconds. */
export const measure = (seconds) => pause(seconds * 1000);

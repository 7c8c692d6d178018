import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { launchFirefox } from './firefox.mjs';
import { startGateway } from './gateway.mjs';
import { Line } from './line.mjs';
import { Member } from './livekit-member.mjs';
import { openProbe } from './media-probe.mjs';
import { servePages } from './pages.mjs';
import { waitFor } from './wait.mjs';

/** The three layers of what is published: widths in pixels, and what each may take in bits per second. */
export const widths = { low: 160, middle: 320, high: 640 };
const bitrates = [150_000, 500_000, 1_700_000];
const stream = 'line';
const room = 'line';
/** The part of a tile that moves: the rest costs bits in key frames only, as what a camera sees does. */
const moving = 0.5;
/**
 * What is published in a room: the tile of somebody who is pinned, and that of anybody else. With five voices, one of the first and four of
 * the second take 1.25 Mb/s of a line of 1.5.
 */
export const tile = { width: 640, height: 360, bitrate: 400_000 };
export const smallTile = { width: 320, height: 180, bitrate: 120_000 };
const robotProgram = fileURLToPath(new URL('line-robot.mjs', import.meta.url));

/** A gateway, a publisher beside it, and a browser behind a line. */
export class LineBench {
  #closings = [];
  #joined = 0;

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

  /** Five people beside the gateway in a room, each with a tone and two layers that take all that they may. They see nobody. */
  async meet() {
    if (this.people) return;
    await this.publisher?.close();
    const describe = (index) => ({ gateway: this.gateway, pages: this.pages, room, identity: `person-${index}`, options: { autoSubscribe: false } });
    this.people = await Member.joinMany(this.publishers, 5, describe);
    for (const person of this.people) {
      await person.call('publishTone', { tone: 440 });
      await person.call('publishCard', { picture: 'noise', moving, width: tile.width, height: tile.height, fps: 12, layers: [smallTile, tile] });
    }
  }

  /** The sixth, with livekit-client. Everybody's tile is small but for the first one's. */
  async joinByClient() {
    this.line.widen();
    const identity = `viewer-${++this.#joined}`;
    const viewer = await Member.join(this.viewers, { gateway: this.gateway, pages: this.pages, room, identity, options: { records: true } });
    await viewer.reaches('sees everybody', ({ others }) => others.length === this.people.length);
    return {
      recording: () => viewer.call('recording'),
      pin: async () => {
        for (const [index, { identity: other }] of this.people.entries()) {
          await viewer.call('setSize', { identity: other, ...(index === 0 ? tile : smallTile) });
        }
      },
      leave: () => viewer.close(),
    };
  }

  /** The sixth, with rtc-node, which asks for the best of everybody. */
  async joinByRobot() {
    const token = this.gateway.token({ room, identity: `viewer-${++this.#joined}`, publish: false });
    const robot = this.line.spawn(process.execPath, [robotProgram, this.gateway.url.replace('http', 'ws'), token], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(robot.stdout)[Symbol.asyncIterator]();
    // The client's own log has lines between the robot's.
    const next = async (isIt) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('the robot has ended');
        if (isIt(value)) return value;
      }
    };
    await next((line) => line === 'joined');
    return {
      /** Ends it, too. */
      recording: async () => {
        robot.stdin.end();
        return JSON.parse(await next((line) => !line.startsWith('{"level"')));
      },
      pin: () => {},
      leave: () => robot.exitCode ?? once(robot, 'exit'),
    };
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

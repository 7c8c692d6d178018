import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** How often the queue is looked at. */
const sampleInterval = 50;
const widthOfAnEthernet = 1_000_000_000;
let opened = 0;

/**
 * A viewer's line: a pair of virtual Ethernet devices, the far end of which is in a network namespace of its own, and a token bucket
 * (tc-tbf(8)) with a queue in bytes on the way to it. The way back is as wide as the machine. It needs tests/netns.sh around it.
 *
 * `samples` are the books of the queue: [when, bytes that have left it, bytes in it, packets that it dropped], all since it was opened.
 */
export class Line {
  samples = [];

  #device;
  #holder;
  #control;
  #ended;
  #timer;
  #folder;

  static async open() {
    const line = new Line();
    await line.#open();
    return line;
  }

  async #open() {
    const index = opened++;
    this.#device = `line${index}`;
    const near = `198.51.100.${4 * index + 1}`;
    this.address = `198.51.100.${4 * index + 2}`;
    // A namespace lives as long as a program in it.
    this.#holder = spawn('unshare', ['--net', 'sh', '-c', 'echo; exec sleep infinity'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(this.#holder.stdout, 'data');
    const device = this.#device;
    await run('ip', ['link', 'add', device, 'type', 'veth', 'peer', 'name', device, 'netns', String(this.#holder.pid)]);
    await run('ip', ['link', 'set', device, 'up']);
    await run('ip', ['address', 'add', `${near}/32`, 'dev', device]);
    // What is sent by TCP is to yield as most of the Internet does, whatever this machine prefers.
    await run('ip', ['route', 'add', this.address, 'dev', device, 'src', near, 'congctl', 'cubic']);
    for (const command of [
      'link set lo up', `link set ${device} up`, `address add ${this.address} peer ${near} dev ${device}`, `route add default via ${near}`,
    ]) await run('nsenter', [...this.#entering, 'ip', ...command.split(' ')]);
    await run('tc', ['qdisc', 'add', 'dev', device, 'root', 'tbf', ...bucket(widthOfAnEthernet, 300)]);
    this.#folder = await mkdtemp(path.join(os.tmpdir(), 'line-'));

    this.#control = spawn('stdbuf', ['-oL', 'tc', '-s', '-j', '-batch', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = once(this.#control, 'exit');
    createInterface(this.#control.stdout).on('line', (text) => {
      const [{ bytes, backlog, drops }] = JSON.parse(text);
      this.samples.push([Date.now(), bytes, backlog, drops]);
    });
    // Whoever ends the tests may have ended it first.
    this.#control.stdin.on('error', () => {});
    this.#timer = setInterval(() => this.#control.stdin.write(`qdisc show dev ${device}\n`), sampleInterval);
  }

  get #entering() { return [`--net=/proc/${this.#holder.pid}/ns/net`]; }

  /** Sets bits per second, and how many milliseconds at that rate the queue holds. Returns when it was. */
  set(rate, queue = 300) {
    this.#control.stdin.write(`qdisc change dev ${this.#device} root tbf ${bucket(rate, queue).join(' ')}\n`);
    return Date.now();
  }

  /** Sets it as wide as an Ethernet: for what is to be loaded before it counts. */
  widen() { return this.set(widthOfAnEthernet); }

  /** Starts a program at the far end. */
  spawn(command, args, options) { return spawn('nsenter', [...this.#entering, command, ...args], options); }

  /** A program that starts another one at the far end, for who takes the path of an executable. */
  async executable(command) {
    const file = path.join(this.#folder, path.basename(command));
    await writeFile(file, `#!/bin/sh\nexec nsenter ${this.#entering} ${command} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** Leads a TCP port of our own loopback to the same one at the far end. Returns the server. */
  async tunnel(port) {
    const script = `const s = require('node:net').connect(${port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout); s.on('error', () => {});`;
    const server = createServer((socket) => {
      const far = this.spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      socket.pipe(far.stdin).on('error', () => {});
      far.stdout.pipe(socket).on('error', () => {});
      socket.on('close', () => far.kill());
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  async close() {
    clearInterval(this.#timer);
    this.#control.stdin.end();
    await this.#ended;
    await run('ip', ['link', 'delete', this.#device]);
    this.#holder.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function bucket(rate, queue) { return ['rate', String(rate), 'burst', '10kb', 'latency', `${queue}ms`]; }

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeTcpPort, freeUdpPort } from './ports.mjs';
import { signToken } from './token.mjs';
import { waitFor } from './wait.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What `tests/publish.sh` built: the same files that the container image ships. */
export const executable = path.resolve(root, process.env.MEDIAGATEWAY_EXECUTABLE ?? 'artifacts/publish/mediagateway');

/**
 * A gateway as a child process on free ports of one address, with keys of its own:
 *   const gateway = await startGateway();
 *   gateway.whip('stage'), gateway.whep('stage'), gateway.token({ room: 'stage' })
 * In development mode it has no key of its own: the page asks the gateway for its tokens.
 * `stop()` ends it as systemd and docker do (SIGTERM) and fails when it does not go, or goes with an error.
 */
export async function startGateway({ address = '127.0.0.1', environment = {}, development = false } = {}) {
  if (!existsSync(executable)) throw new Error(`${executable} is missing: run tests/publish.sh first`);
  const key = `test${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  const httpPort = await freeTcpPort(address);
  const controlPort = await freeTcpPort(address);
  const mediaPort = await freeUdpPort(address);
  const child = spawn(executable, [], {
    cwd: path.dirname(executable),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ASPNETCORE_ENVIRONMENT: development ? 'Development' : 'Production',
      MEDIAGATEWAY__Http__Listen: `${address}:${httpPort}`,
      MEDIAGATEWAY__Control__Listen: `${address}:${controlPort}`,
      MEDIAGATEWAY__Media__Port: String(mediaPort),
      MEDIAGATEWAY__Media__BindAddresses__0: address,
      ...(development ? {} : { [`MEDIAGATEWAY__Auth__Keys__${key}`]: secret }),
      ...environment,
    },
  });
  goesFirst(child.pid);
  const gateway = new Gateway(child, {
    http: environment.MEDIAGATEWAY__Http__Listen ?? `${address}:${httpPort}`,
    control: environment.MEDIAGATEWAY__Control__Listen ?? `${address}:${controlPort}`,
    mediaPort: Number(environment.MEDIAGATEWAY__Media__Port ?? mediaPort),
  }, { key, secret });
  try {
    await gateway.ready();
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return gateway;
}

/** Elsewhere clients have computers of their own: here the gateway comes before the browsers that share its cores, where that is allowed. */
function goesFirst(pid) {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_ABOVE_NORMAL);
  } catch (error) {
    if (error.info?.code !== 'EACCES' && error.info?.code !== 'EPERM') throw error;
  }
}

class Gateway {
  #child;
  #keys;
  #exited;
  #log = '';

  constructor(child, { http, control, mediaPort }, keys) {
    this.#child = child;
    this.#keys = keys;
    this.url = `http://${http}`;
    /** Address and port of gRPC. */
    this.control = control;
    this.mediaPort = mediaPort;
    this.#exited = once(child, 'exit');
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => { this.#log += text; });
    }
  }

  get log() { return this.#log; }

  /** The API key and its secret, for a command line that signs tokens. */
  get keys() { return this.#keys; }

  get pid() { return this.#child.pid; }

  whip(stream, query = '') { return `${this.url}/whip/${stream}${query}`; }

  whep(stream, query = '') { return `${this.url}/whep/${stream}${query}`; }

  token({ room, identity = `tester-${randomBytes(3).toString('hex')}`, ...grants }) {
    return signToken({ ...this.#keys, room, identity, ...grants });
  }

  /** Ends it as a crash does, without a word to anybody. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Starts another one in the same place, whom the same tokens open. */
  again(environment = {}) {
    return startGateway({
      environment: {
        MEDIAGATEWAY__Http__Listen: this.url.slice('http://'.length),
        MEDIAGATEWAY__Control__Listen: this.control,
        MEDIAGATEWAY__Media__Port: String(this.mediaPort),
        [`MEDIAGATEWAY__Auth__Keys__${this.#keys.key}`]: this.#keys.secret,
        ...environment,
      },
    });
  }

  /** Waits for /readyz. A gateway that has ended already fails at once, with what it printed. */
  async ready() {
    await waitFor('the gateway is ready', async () => {
      if (this.#child.exitCode !== null) throw new Error(`the gateway ended with code ${this.#child.exitCode}:\n${this.#log}`);
      const response = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await response?.arrayBuffer();
      return response?.ok;
    }, { timeout: 30_000 }).catch((error) => {
      throw new Error(`${error.message}\n${this.#log}`);
    });
  }

  async stop() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      const killer = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
      await this.#exited;
      clearTimeout(killer);
    }
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== 0) throw new Error(`the gateway ended with ${signalCode ?? `code ${exitCode}`}:\n${this.#log}`);
  }
}

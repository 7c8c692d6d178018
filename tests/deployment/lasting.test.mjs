// What operators and machines do to a gateway that runs: signals, rotations, renewals, logs that nobody takes.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { executable, startGateway } from '../browser/lib/gateway.mjs';
import { freeTcpPort } from '../browser/lib/ports.mjs';
import { waitFor } from '../browser/lib/wait.mjs';

const run = promisify(execFile);

async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'lasting-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function createRoom(gateway, name) {
  const response = await fetch(`${gateway.url}/mediagateway.v1.RoomService/CreateRoom`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.token({ room: name, grants: { nodeAdmin: true } })}` },
    body: JSON.stringify({ name }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** The rooms whose making stands in an audit file. */
const roomsIn = async (file) => (await readFile(file, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(JSON.parse(line).Request).name);

const names = (prefix) => Array.from({ length: 10 }, (_, index) => `${prefix}-${index}`);

async function hangUp(gateway, times = 1) {
  process.kill(gateway.pid, 'SIGHUP');
  await waitFor('the gateway says that it was told', () => gateway.log.split('Told by SIGHUP').length > times);
}

describe('A gateway that runs', () => {
  for (const rotation of ['rename', 'copytruncate']) {
    test(`loses no line of its audit file by ${rotation} and SIGHUP, which ends nothing`, async (t) => {
      const file = path.join(await temporaryFolder(t), 'audit.jsonl');
      const gateway = await startGateway({ environment: { MEDIAGATEWAY__Control__AuditFile: file } });
      t.after(() => gateway.stop());
      for (const name of names('before')) await createRoom(gateway, name);
      await waitFor('all are written', async () => (await roomsIn(file)).length === 10);
      if (rotation === 'rename') {
        await rename(file, `${file}.1`);
      } else {
        await copyFile(file, `${file}.1`);
        await truncate(file);
      }
      await hangUp(gateway);
      for (const name of names('after')) await createRoom(gateway, name);
      await gateway.stop();
      assert.deepEqual(await roomsIn(`${file}.1`), names('before'));
      assert.deepEqual(await roomsIn(file), names('after'));
    });
  }

  test('loses no line as logrotate does it by the file that comes with it', async (t) => {
    const logs = await temporaryFolder(t);
    const folder = path.join(logs, 'mediagateway');
    await mkdir(folder, { mode: 0o700 });
    const file = path.join(folder, 'audit.jsonl');
    const gateway = await startGateway({ environment: { MEDIAGATEWAY__Control__AuditFile: file } });
    t.after(() => gateway.stop());
    // There is no systemd here: what the file asks it for is done as it would do it.
    const systemctl = path.join(logs, 'bin', 'systemctl');
    await mkdir(path.dirname(systemctl));
    await writeFile(systemctl, `#!/bin/sh\n[ "$*" = "kill --signal=HUP mediagateway.service" ] && kill -HUP ${gateway.pid}\n`, { mode: 0o755 });
    // The folder stands at the place that the file names, for logrotate alone.
    const rotate = () => run('unshare', ['--map-root-user', '--mount', 'sh', '-c',
      'mount --bind "$0" /var/log && exec logrotate --force --state "$0/state" "$1"', logs, fileURLToPath(new URL('../../deploy/mediagateway.logrotate', import.meta.url)),
    ], { env: { ...process.env, PATH: `${path.dirname(systemctl)}:${process.env.PATH}:/usr/sbin` } });
    for (const [index, name] of ['first', 'second', 'third'].entries()) {
      if (index > 0) {
        await rotate();
        await waitFor('the gateway says that it was told', () => gateway.log.split('Told by SIGHUP').length > index);
      }
      for (const room of names(name)) await createRoom(gateway, room);
      await waitFor('all are written', async () => (await roomsIn(file).catch(() => [])).length === 10);
    }
    await gateway.stop();
    await run('gunzip', [`${file}.2.gz`]);
    assert.deepEqual(await roomsIn(`${file}.2`), names('first'));
    assert.deepEqual(await roomsIn(`${file}.1`), names('second'));
    assert.deepEqual(await roomsIn(file), names('third'));
    assert.deepEqual((await readdir(folder)).sort(), ['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2']);
  });

  test('serves a renewed certificate at once when it is told to, the one before while there is none, and shakes hands once', async (t) => {
    const folder = await temporaryFolder(t);
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(folder, name));
    const make = (name) => run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', `/CN=${name}`, '-keyout', key, '-out', certificate]);
    const port = await freeTcpPort('127.0.0.1');
    const served = async () => {
      const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    // CVE-2011-1473: each handshake on the same connection costs the gateway a signature.
    const shakesAgain = () => new Promise((resolve) => {
      const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
      socket.on('error', () => resolve(false)).on('close', () => resolve(false));
      socket.once('secureConnect', () => socket.renegotiate({ rejectUnauthorized: false }, (error) => {
        resolve(!error);
        socket.destroy();
      }));
    });
    await make('one');
    const gateway = startAlone(port, { MEDIAGATEWAY__Tls__CertificateFile: certificate, MEDIAGATEWAY__Tls__KeyFile: key });
    t.after(() => gateway.child.kill('SIGKILL'));
    await waitFor('the gateway serves', () => served().catch(() => undefined));
    assert.equal(await served(), 'one');
    assert.equal(await shakesAgain(), false);
    await make('two');
    await hangUp(gateway);
    await waitFor('the new one is served', async () => await served() === 'two', { timeout: 5_000 });
    await rm(key);
    await hangUp(gateway, 2);
    assert.equal(await served(), 'two');
    assert.match(gateway.log, /ERR .*certificate/);
    assert.equal(await gateway.stopped(), 0);
  });

  for (const [what, answer] of [['closes every connection', ''], ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'], ['knows no such path', 'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n']]) {
    test(`says that its metrics are lost while the collector ${what}, and goes on`, async (t) => {
      const collector = net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
      collector.listen(0, '127.0.0.1');
      await once(collector, 'listening');
      t.after(() => collector.close());
      const gateway = await startGateway({
        environment: {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}`,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_METRIC_EXPORT_INTERVAL: '200',
        },
      });
      t.after(() => gateway.stop());
      await waitFor('the failure is logged, and again', () => gateway.log.split('Background work failed: export of telemetry').length > 2);
      assert.equal((await fetch(`${gateway.url}/healthz`)).status, 200);
    });
  }

  for (const [what, output] of [
    ['was closed after a line', ['bash', '-c', 'head -1 >/dev/null']],
    ['nobody reads', ['sleep', '1000']],
    ['is on a full disk', undefined],
  ]) {
    test(`serves and stops though its output ${what}`, async (t) => {
      const port = await freeTcpPort('127.0.0.1');
      const reader = output && spawn(output[0], output.slice(1), { stdio: ['pipe', 'ignore', 'ignore'] });
      if (reader) t.after(() => reader.kill('SIGKILL'));
      const script = reader ? 'exec "$0" >&3 2>&3' : 'exec "$0" >/dev/full 2>&1';
      const gateway = startAlone(port, { MEDIAGATEWAY__Logging__LogLevel__Default: 'Trace', MEDIAGATEWAY__Logging__LogLevel__Microsoft: 'Trace' }, {
        file: 'bash', commandArguments: ['-c', script, executable], output: reader?.stdin,
      });
      t.after(() => gateway.child.kill('SIGKILL'));
      const ask = async () => {
        const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(5_000) });
        return await response.text() === 'alive';
      };
      await waitFor('the gateway serves', () => ask().catch(() => undefined), { timeout: 30_000 });
      // Many times what the pipe and the queue of lines take.
      for (let request = 0; request < 1_000; request += 1) assert.ok(await ask());
      process.kill(gateway.child.pid, 'SIGHUP');
      assert.ok(await ask());
      assert.equal(await gateway.stopped(), 0);
    });
  }
});

/** A gateway with nothing but a port for everything, for tests that look at its process. */
function startAlone(port, environment, { file = executable, commandArguments = [], output } = {}) {
  const child = spawn(file, commandArguments, {
    cwd: path.dirname(executable),
    stdio: ['ignore', 'pipe', 'pipe', output ?? 'ignore'],
    env: {
      ...process.env,
      ASPNETCORE_ENVIRONMENT: 'Production',
      MEDIAGATEWAY__Http__Listen: `127.0.0.1:${port}`,
      MEDIAGATEWAY__Control__Listen: 'none',
      MEDIAGATEWAY__Media__Port: '0',
      MEDIAGATEWAY__Media__BindAddresses__0: '127.0.0.1',
      MEDIAGATEWAY__Auth__Keys__test: 'a-secret-of-more-than-thirty-two-bytes',
      ...environment,
    },
  });
  const exited = once(child, 'exit');
  const gateway = {
    child,
    pid: child.pid,
    log: '',
    /** Stops it as systemd does, and gives its exit code. */
    async stopped() {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      const [code] = await exited;
      clearTimeout(killer);
      return code;
    },
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { gateway.log += text; });
  return gateway;
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { protoFiles, protos, useGateway } from './lib/control.mjs';
import { rpcProtos } from './lib/details.mjs';

const run = promisify(execFile);
const python = fileURLToPath(new URL('python/rooms.py', import.meta.url));

describe('python3-grpcio', () => {
  const suite = useGateway();

  test('Calls, refusals, a watch, a cancel and a deadline', async (t) => {
    const generated = await mkdtemp(path.join(os.tmpdir(), 'grpc-python-'));
    t.after(() => rm(generated, { recursive: true }));
    await run('protoc', [`-I${protos}`, `-I${rpcProtos}`, '-I/usr/include', `--python_out=${generated}`, `--grpc_python_out=${generated}`, '--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin', ...protoFiles, 'google/rpc/status.proto', 'google/rpc/error_details.proto']);
    const { stdout } = await run('/usr/bin/python3', [python, suite.gateway.control, suite.token], { env: { ...process.env, PYTHONPATH: generated }, timeout: 60_000 });
    assert.equal(stdout, 'all is well\n');
  });
});

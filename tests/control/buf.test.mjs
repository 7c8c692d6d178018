import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { protos, useGateway } from './lib/control.mjs';

const run = promisify(execFile);
const buf = fileURLToPath(new URL('node_modules/.bin/buf', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

const outcome = (promise) => promise.then(({ stdout }) => ({ code: 0, text: stdout }), ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }));

describe('buf', () => {
  const suite = useGateway();

  test('The contracts are clean', async () => {
    assert.deepEqual(await outcome(run(buf, ['lint', protos])), { code: 0, text: '' });
  });

  test('They break nothing of the last release; what would is found', async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'protos-'));
    t.after(() => rm(folder, { recursive: true }));
    const { stdout: tags } = await run('git', ['-C', root, 'tag', '--list', 'v*', '--sort=-version:refname']);
    for (const tag of tags.split('\n').filter(Boolean).slice(0, 1)) {
      assert.deepEqual(await outcome(run(buf, ['breaking', protos, '--against', `${root}.git#tag=${tag},subdir=protos`])), { code: 0, text: '' });
    }

    await cp(protos, folder, { recursive: true });
    assert.deepEqual(await outcome(run(buf, ['breaking', protos, '--against', folder])), { code: 0, text: '' });
    const file = path.join(folder, 'mediagateway/v1/rooms.proto');
    await writeFile(file, (await readFile(file, 'utf8')).replace('string preset = 3;', 'string preset = 3;\n  // Once.\n  string gone = 30;'));
    const broken = await outcome(run(buf, ['breaking', protos, '--against', folder]));
    assert.equal(broken.code, 100, broken.text);
    assert.match(broken.text, /"gone"/);
  });

  test('buf curl finds the methods by reflection and calls them', async () => {
    const address = `http://${suite.gateway.control}`;
    const call = (method, data, ...options) => run(buf, [
      'curl', '--http2-prior-knowledge', ...options, '--header', `authorization: Bearer ${suite.token}`, '--data', JSON.stringify(data), `${address}/mediagateway.v1.${method}`,
    ]);
    for (const protocol of ['grpc', 'connect', 'grpcweb']) {
      const { stdout } = await call('RoomService/CreateRoom', { name: protocol }, '--protocol', protocol);
      const { room, created } = JSON.parse(stdout);
      assert.deepEqual([room.name, created], [protocol, true]);
    }
    const refused = await outcome(call('RoomService/GetRoom', { name: 'none' }, '--protocol', 'grpc'));
    assert.notEqual(refused.code, 0);
    assert.match(refused.text, /not_found/);
    const { stdout: methods } = await run(buf, ['curl', '--http2-prior-knowledge', '--list-methods', address]);
    for (const method of ['RoomService/CreateRoom', 'LiveStreamService/Cut', 'EventService/Watch', 'StatsService/WatchStats', 'NodeService/Drain']) {
      assert.match(methods, new RegExp(`mediagateway\\.v1\\.${method}`));
    }
  });
});

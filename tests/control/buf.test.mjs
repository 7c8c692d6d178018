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

/** The contracts that no change may break; `make protos-baseline` renews them. */
const baseline = path.join(protos, 'baseline.binpb');

const outcome = (promise) => promise.then(({ stdout }) => ({ code: 0, text: stdout }), ({ code, stdout, stderr }) => ({ code, text: stdout + stderr }));

describe('buf', () => {
  const suite = useGateway();

  test('The contracts are clean', async () => {
    assert.deepEqual(await outcome(run(buf, ['lint', protos])), { code: 0, text: '' });
  });

  test('They break nothing of the baseline', async () => {
    assert.deepEqual(await outcome(run(buf, ['breaking', protos, '--against', baseline])), { code: 0, text: '' });
  });

  for (const [what, file, from, to, word] of [
    ['A field that is gone', 'rooms', '  // A preset of the gateway\'s configuration that the fields below change; empty for the defaults.\n  string preset = 3;\n', '', /"preset"/],
    ['A field of another type', 'tracks', 'int64 packets_sent = 8;', 'int32 packets_sent = 8;', /"packets_sent"/],
    ['A field with another name', 'live_streams', 'SourceStatus status = 2;', 'SourceStatus state = 2;', /"status"/],
    ['A method with another name', 'events', 'rpc Watch(', 'rpc Follow(', /"Watch"/],
    ['An enum value that is gone', 'tracks', '  // The media worker has no time for more (see docs/overload.md).\n  LIMIT_CAUSE_OVERLOAD = 3;\n', '', /"LimitCause"/],
  ]) {
    test(`${what} is found to break it`, async (t) => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'protos-'));
      t.after(() => rm(folder, { recursive: true }));
      await cp(protos, folder, { recursive: true });
      const changed = path.join(folder, `mediagateway/v1/${file}.proto`);
      const before = await readFile(changed, 'utf8');
      const after = before.replace(from, to);
      assert.notEqual(after, before);
      await writeFile(changed, after);
      const broken = await outcome(run(buf, ['breaking', folder, '--against', baseline]));
      assert.equal(broken.code, 100, broken.text);
      assert.match(broken.text, word);
    });
  }

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

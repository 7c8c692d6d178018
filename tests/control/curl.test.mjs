import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { useGateway } from './lib/control.mjs';

const run = promisify(execFile);

describe('curl with JSON', () => {
  const suite = useGateway();
  const call = async (method, request, token = suite.token) => {
    const { stdout } = await run('curl', [
      '--silent', '--write-out', '\n%{http_code}', '--json', JSON.stringify(request),
      ...(token ? ['--header', `Authorization: Bearer ${token}`] : []), `${suite.gateway.url}/mediagateway.v1.${method}`,
    ]);
    const [body, status] = stdout.split('\n');
    return { status: Number(status), body: JSON.parse(body) };
  };

  test('Calls and refusals', async () => {
    const created = await call('RoomService/CreateRoom', { name: 'stage', emptyTimeout: '60s' });
    assert.equal(created.status, 200);
    assert.deepEqual([created.body.created, created.body.room.name, created.body.room.emptyTimeout], [true, 'stage', '60s']);
    const { status, body: { details: [info], ...error } } = await call('RoomService/GetRoom', { name: 'none' });
    assert.deepEqual([status, error], [404, { code: 'not_found', message: 'There is no room none.' }]);
    assert.deepEqual([info.type, info.debug], ['google.rpc.ErrorInfo', { reason: 'ROOM_NOT_FOUND', domain: 'mediagateway' }]);
    assert.equal((await call('RoomService/ListRooms', {}, '')).status, 401);
    assert.equal((await call('RoomService/ListRooms', {}, suite.gateway.token({ room: 'stage' }))).status, 403);
    assert.deepEqual(await call('RoomService/ListRooms', { pageSize: 'many' }).then(({ status, body }) => [status, body.code]), [400, 'invalid_argument']);
    assert.equal((await call('LiveStreamService/Cut', { liveStream: 'none' })).status, 404);
  });
});

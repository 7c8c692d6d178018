import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDescriptorSet, createRegistryFromDescriptors, FileDescriptorSet } from '@bufbuild/protobuf';
import { Code, createPromiseClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { protos, useGateway } from './lib/control.mjs';
import { rpcProtos } from './lib/details.mjs';

const buf = fileURLToPath(new URL('node_modules/.bin/buf', import.meta.url));
const { stdout } = await promisify(execFile)(buf, ['build', protos, '--as-file-descriptor-set', '-o', '-'], { encoding: 'buffer', maxBuffer: 1 << 24 });
const registry = createRegistryFromDescriptors(createDescriptorSet(FileDescriptorSet.fromBinary(stdout)));
const { stdout: rpc } = await promisify(execFile)(buf, ['build', rpcProtos, '--as-file-descriptor-set', '-o', '-'], { encoding: 'buffer' });
const errorDetails = createRegistryFromDescriptors(createDescriptorSet(FileDescriptorSet.fromBinary(rpc))).findMessage('google.rpc.ErrorInfo');
const service = (name) => registry.findService(`mediagateway.v1.${name}`);

describe('connect-node', () => {
  const suite = useGateway();
  const transports = {
    'gRPC over HTTP/2': () => createGrpcTransport({ baseUrl: `http://${suite.gateway.control}`, httpVersion: '2', idleConnectionTimeoutMs: 1000 }),
    'gRPC-Web over HTTP/1.1': () => createGrpcWebTransport({ baseUrl: suite.gateway.url, httpVersion: '1.1' }),
    'Connect with JSON over HTTP/1.1': () => createConnectTransport({ baseUrl: suite.gateway.url, httpVersion: '1.1', useBinaryFormat: false }),
    'Connect with protobuf over HTTP/2': () => createConnectTransport({ baseUrl: `http://${suite.gateway.control}`, httpVersion: '2', useBinaryFormat: true, idleConnectionTimeoutMs: 1000 }),
  };

  for (const [name, transport] of Object.entries(transports)) {
    test(name, async () => {
      const options = { headers: { authorization: `Bearer ${suite.token}` } };
      const rooms = createPromiseClient(service('RoomService'), transport());
      const { room } = await rooms.createRoom({ name, metadata: 'é' }, options);
      assert.deepEqual([room.name, room.metadata, room.emptyTimeout.seconds], [name, 'é', 300n]);
      await assert.rejects(rooms.getRoom({ name: 'none' }, options), (error) => {
        const [info] = error.findDetails(errorDetails);
        return error.code === Code.NotFound && info.reason === 'ROOM_NOT_FOUND' && info.domain === 'mediagateway';
      });
      await assert.rejects(rooms.listRooms({}), ({ code }) => code === Code.Unauthenticated);

      const events = createPromiseClient(service('EventService'), transport());
      const cancel = new AbortController();
      const seen = [];
      for await (const { event } of events.watch({ rooms: [name], heartbeatSeconds: 1 }, { ...options, signal: cancel.signal })) {
        seen.push(event.case);
        if (event.case === 'snapshotPart') await rooms.updateRoom({ name, metadata: 'changed' }, options);
        if (event.case === 'roomUpserted') assert.equal(event.value.metadata, 'changed');
        if (event.case === 'heartbeat') break;
      }
      assert.deepEqual(seen, ['snapshotPart', 'roomUpserted', 'heartbeat']);
      await assert.rejects(
        async () => { for await (const message of events.watch({}, { ...options, timeoutMs: 300 })) assert.ok(message); },
        ({ code }) => code === Code.DeadlineExceeded,
      );
    });
  }
});

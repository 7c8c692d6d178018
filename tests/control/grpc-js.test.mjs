import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useGateway } from './lib/control.mjs';
import { detailsOf } from './lib/details.mjs';
import { client, grpc } from './lib/grpc.mjs';

const { status } = grpc;

/** The messages of a stream until `isLast`; then it is cancelled. */
function collect(call, isLast) {
  const messages = [];
  return new Promise((resolve, reject) => {
    call.on('data', (message) => {
      messages.push(message);
      if (!isLast(message, messages)) return;
      call.cancel();
      resolve(messages);
    });
    call.on('error', (error) => (error.code === status.CANCELLED ? undefined : reject(error)));
  });
}

const refusal = (promise) => promise.then(() => assert.fail('it was not refused'), (error) => error);

describe('@grpc/grpc-js', () => {
  const suite = useGateway({ environment: { MEDIAGATEWAY__Control__CallBurst: '100000', MEDIAGATEWAY__Control__CallBurstPerSource: '100000', MEDIAGATEWAY__Rooms__MaxRooms: '5000' } });
  const connect = (service, token = suite.token, options = {}) => client(service, suite.gateway.control, token, options);

  test('Unary calls, statuses and their words', async () => {
    const rooms = connect('RoomService');
    const { room, created } = await rooms.createRoom({ name: 'café', maxParticipants: 7 });
    assert.deepEqual([created, room.name, room.maxParticipants], [true, 'café', 7]);
    assert.equal((await refusal(rooms.getRoom({ name: 'none' }))).code, status.NOT_FOUND);
    assert.match((await refusal(rooms.getRoom({ name: 'nöne' }))).details, /nöne/);
    assert.equal((await refusal(connect('RoomService', '').listRooms())).code, status.UNAUTHENTICATED);
    assert.equal((await refusal(connect('RoomService', suite.gateway.token({ room: 'café' })).listRooms())).code, status.PERMISSION_DENIED);
  });

  test('A refusal says in google.rpc.Status what a program goes by', async () => {
    const rooms = connect('RoomService');
    const details = async (call) => {
      const error = await refusal(call);
      const { code, message, ...known } = detailsOf(error.metadata.get('grpc-status-details-bin')[0]);
      assert.deepEqual([code, message], [error.code, error.details]);
      return known;
    };
    assert.deepEqual(await details(rooms.getRoom({ name: 'none' })), { ErrorInfo: { reason: 'ROOM_NOT_FOUND', domain: 'mediagateway' } });
    assert.deepEqual(await details(connect('RoomService', '').listRooms()), { ErrorInfo: { reason: 'TOKEN_MISSING', domain: 'mediagateway' } });
    const { ErrorInfo, BadRequest } = await details(rooms.listRooms({ pageSize: -1 }));
    assert.equal(ErrorInfo.reason, 'INVALID_REQUEST');
    assert.deepEqual(BadRequest.fieldViolations.map(({ field }) => field), ['page_size']);
    const { ErrorInfo: ofStream } = await details(new Promise((resolve, reject) => {
      connect('EventService', '').watch({}).on('data', resolve).on('error', reject);
    }));
    assert.equal(ofStream.reason, 'TOKEN_MISSING');
  });

  test('A watch begins with what there is, and goes on with changes', async () => {
    const rooms = connect('RoomService');
    const watching = collect(connect('EventService').watch({}), ({ event, roomUpserted }) => {
      if (event === 'snapshotPart') void rooms.createRoom({ name: 'seen' });
      return roomUpserted?.name === 'seen';
    });
    const messages = await watching;
    assert.equal(messages[0].event, 'snapshotPart');
    assert.ok(messages.at(-1).sequence > messages[0].sequence);
  });

  test('A deadline ends a watch, a cancel frees its place', async () => {
    const deadline = connect('EventService').watch({}, { deadline: Date.now() + 500 });
    const since = performance.now();
    const error = await new Promise((resolve) => { deadline.on('data', () => {}).on('error', resolve); });
    assert.equal(error.code, status.DEADLINE_EXCEEDED);
    assert.ok(performance.now() - since < 2000);
    for (let i = 0; i < 20; i++) await collect(connect('EventService').watch({}), () => true);
  });

  test('Messages of 16 MB, and one that is too large', async () => {
    const rooms = connect('RoomService');
    const metadata = 'm'.repeat(65_000);
    for (let i = 0; i < 260; i++) await rooms.createRoom({ name: `large ${i}`, metadata });
    const { rooms: all } = await rooms.listRooms({ pageSize: 1000 });
    const large = all.filter(({ name }) => name.startsWith('large'));
    assert.equal(large.length, 260);
    assert.ok(large.every((room) => room.metadata === metadata));

    // A client with gRPC's own limit of 4 MB sees them all the same: a snapshot comes in parts.
    const small = { 'grpc.max_receive_message_length': 4 * 1024 * 1024, 'grpc.use_local_subchannel_pool': 1 };
    const parts = await collect(connect('EventService', suite.token, small).watch({}), ({ snapshotPart }) => snapshotPart.last);
    const told = parts.flatMap(({ snapshotPart }) => snapshotPart.rooms).filter(({ name }) => name.startsWith('large'));
    assert.deepEqual(told.map(({ name }) => name), large.map(({ name }) => name));
    assert.deepEqual(parts.map(({ resumeToken }) => resumeToken !== ''), parts.map(({ snapshotPart }) => snapshotPart.last));
    for (let i = 0; i < 260; i++) await rooms.deleteRoom({ name: `large ${i}` });

    const just = await refusal(rooms.createRoom({ name: 'x', metadata: 'm'.repeat(16 * 1024 * 1024 - 100) }));
    assert.equal(just.code, status.INVALID_ARGUMENT); // it was read, and is more than a room may have
    const tooLarge = await refusal(rooms.createRoom({ name: 'x', metadata: 'm'.repeat(17 * 1024 * 1024) }));
    assert.equal(tooLarge.code, status.RESOURCE_EXHAUSTED);
  });

  test('A thousand watches at once, each told every change', async () => {
    const rooms = connect('RoomService');
    let begun = 0;
    // Eighty a connection: the gateway takes a hundred streams on each, and more would wait for their turn.
    const watches = Array.from({ length: 1000 }, (_, i) => collect(
      connect('EventService', suite.token, { 'grpc.use_local_subchannel_pool': 1, pool: Math.floor(i / 80) }).watch({}),
      ({ snapshotPart, roomUpserted }) => {
        if (snapshotPart?.last && ++begun === 1000) void rooms.createRoom({ name: 'for everybody' });
        return roomUpserted?.name === 'for everybody';
      },
    ));
    const all = await Promise.all(watches);
    assert.equal(all.length, 1000);
    for (const messages of all) {
      const sequences = messages.map(({ sequence }) => sequence);
      assert.deepEqual(sequences, sequences.slice().sort((a, b) => a - b));
    }
  });

  test('A thousand calls at once', async () => {
    const rooms = connect('RoomService');
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => rooms.createRoom({ name: `many ${i}` })));
    assert.ok(answers.every(({ created }) => created));
    const { rooms: listed } = await rooms.listRooms({ pageSize: 1000, names: answers.map(({ room }) => room.name) });
    assert.equal(listed.length, 1000);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { DataPacket_Kind, RoomServiceClient, TrackSource, WebhookReceiver } from 'livekit-server-sdk';
import { launchChromium } from '../browser/lib/chromium.mjs';
import { startGateway } from '../browser/lib/gateway.mjs';
import { Member } from '../browser/lib/livekit-member.mjs';
import { servePages } from '../browser/lib/pages.mjs';
import { waitFor } from '../browser/lib/wait.mjs';

/** Takes webhooks as an application does; `refusals` answers it first that it cannot. */
async function receiveWebhooks() {
  const inbox = { events: [], refusals: 0, attempts: 0, bodies: [] };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    inbox.attempts++;
    if (inbox.refusals > 0) {
      inbox.refusals--;
      response.writeHead(503).end();
      return;
    }
    try {
      const body = Buffer.concat(chunks).toString();
      inbox.events.push(await inbox.receiver.receive(body, request.headers.authorization));
      inbox.bodies.push({ body, authorization: request.headers.authorization });
      response.writeHead(200).end();
    } catch (error) {
      inbox.error = error;
      response.writeHead(400).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(inbox, { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() });
}

describe('livekit-server-sdk', () => {
  let inbox;
  let gateway;
  let pages;
  let browser;
  let rooms;

  before(async () => {
    inbox = await receiveWebhooks();
    gateway = await startGateway({ address: '127.0.0.1', environment: { MEDIAGATEWAY__Webhooks__Urls__0: inbox.url } });
    const { key, secret } = gateway.keys;
    inbox.receiver = new WebhookReceiver(key, secret);
    rooms = new RoomServiceClient(gateway.url, key, secret);
    pages = await servePages('127.0.0.1');
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    pages?.close();
    await gateway?.stop();
    inbox?.close();
  });

  const join = (room, identity) => Member.join(browser, { pages, gateway, room, identity });
  const publish = async (member) => {
    await member.call('publishTone', { tone: 440 });
    return (await member.call('publishCard')).sid;
  };

  test('Rooms are created, listed, described and deleted', async () => {
    const room = await rooms.createRoom({ name: 'made', emptyTimeout: 60, maxParticipants: 4, metadata: 'é' });
    assert.deepEqual([room.name, room.emptyTimeout, room.maxParticipants, room.metadata, room.departureTimeout], ['made', 60, 4, 'é', 20]);
    assert.equal((await rooms.createRoom({ name: 'made' })).sid, room.sid);
    assert.deepEqual((await rooms.listRooms(['made', 'none'])).map(({ sid }) => sid), [room.sid]);
    assert.equal((await rooms.updateRoomMetadata('made', 'other')).metadata, 'other');
    await rooms.deleteRoom('made');
    assert.deepEqual(await rooms.listRooms(), []);
    await assert.rejects(rooms.deleteRoom('made'), ({ code, status, message }) => code === 'not_found' && status === 404 && /made/.test(message));
    const stranger = new RoomServiceClient(gateway.url, gateway.keys.key, 'another-secret-of-more-than-thirty-two-bytes');
    await assert.rejects(stranger.listRooms(), ({ code, status }) => code === 'unauthenticated' && status === 401);
  });

  test('Participants are listed, changed, muted, written to and removed', async (t) => {
    const ada = await join('stage', 'ada');
    const ben = await join('stage', 'ben');
    t.after(() => Promise.all([ada.close(), ben.close()]));
    const sid = await publish(ada);
    await ben.sees('ada', 5);
    assert.deepEqual((await rooms.getParticipant('stage', 'ada')).tracks.map(({ source }) => source).sort(), [TrackSource.CAMERA, TrackSource.MICROPHONE]);
    assert.deepEqual((await rooms.listParticipants('stage')).map(({ identity }) => identity).sort(), ['ada', 'ben']);

    const changed = await rooms.updateParticipant('stage', 'ada', { name: 'Ada', metadata: 'm', attributes: { role: 'host' } });
    assert.deepEqual([changed.name, changed.metadata, changed.attributes.role], ['Ada', 'm', 'host']);

    const seen = (member, question) => waitFor('it is so', async () => question(await member.call('view', { identity: 'ada' })));
    assert.equal((await rooms.mutePublishedTrack('stage', 'ada', sid, true)).muted, true);
    await seen(ben, ({ isPictureMuted }) => isPictureMuted);
    await seen(ada, ({ isPictureMuted }) => isPictureMuted);
    await rooms.mutePublishedTrack('stage', 'ada', sid, false);
    await seen(ben, ({ isPictureMuted }) => !isPictureMuted);

    await rooms.updateSubscriptions('stage', 'ben', [sid], false);
    await ben.reaches('no longer has her camera', ({ events }) => events.some(({ name }) => name === 'TrackUnsubscribed'));

    await rooms.sendData('stage', new TextEncoder().encode('from the back end'), DataPacket_Kind.RELIABLE, { destinationIdentities: ['ben'], topic: 'news' });
    await ben.reaches('has it', ({ received }) => received.some(({ text, topic }) => text === 'from the back end' && topic === 'news'));
    assert.ok(!(await ada.state()).received.some(({ text }) => text === 'from the back end'));

    await rooms.removeParticipant('stage', 'ada');
    await ada.reaches('is out', ({ connection }) => connection === 'disconnected');
    await assert.rejects(rooms.getParticipant('stage', 'ada'), ({ code }) => code === 'not_found');
  });

  test('A participant is moved to another room, and is seen there', async (t) => {
    const cleo = await join('lobby', 'cleo');
    const dan = await join('studio', 'dan');
    t.after(() => Promise.all([cleo.close(), dan.close()]));
    await publish(cleo);
    await rooms.moveParticipant('lobby', 'cleo', 'studio');
    await dan.sees('cleo', 20);
    assert.deepEqual((await rooms.listParticipants('studio')).map(({ identity }) => identity).sort(), ['cleo', 'dan']);
    await waitFor('the lobby is empty', async () => (await rooms.listParticipants('lobby')).length === 0);
  });

  test('A participant is shown in another room too, seen and heard there', async (t) => {
    const fay = await join('panel', 'fay');
    const gus = await join('overflow', 'gus');
    t.after(() => Promise.all([fay.close(), gus.close()]));
    await publish(fay);
    await rooms.forwardParticipant('panel', 'fay', 'overflow');
    await gus.sees('fay', 20);
    await gus.hears('fay', 440);
    assert.deepEqual((await fay.state()).others, []);
    await fay.close();
    await gus.reaches('is alone', ({ others }) => others.length === 0);
  });

  test('Methods that are not served say so, and so does nonsense', async () => {
    const post = (method, body, type = 'application/json', token = gateway.token({ room: 'r', grants: { nodeAdmin: true } })) => fetch(
      `${gateway.url}/twirp/livekit.RoomService/${method}`, { method: 'POST', body, headers: { 'Content-Type': type, Authorization: `Bearer ${token}` } },
    ).then(async (response) => [response.status, (await response.json()).code]);
    assert.deepEqual(await post('PerformRpc', '{}'), [404, 'bad_route']);
    assert.deepEqual(await post('ListRooms', '{'), [400, 'malformed']);
    assert.deepEqual(await post('ListRooms', '{}', 'text/plain'), [415, 'malformed']);
    assert.deepEqual(await post('ListRooms', Buffer.from([0x0a, 0xff]), 'application/protobuf'), [400, 'malformed']);
    assert.deepEqual(await post('CreateRoom', '{"name":""}'), [400, 'invalid_argument']);
    assert.deepEqual(await post('ListRooms', '{}', 'application/json', gateway.token({ room: 'r' })), [403, 'permission_denied']);
    assert.deepEqual(await post('ListParticipants', '{"room":"r"}', 'application/json', gateway.token({ room: 'q', grants: { roomAdmin: true } })), [403, 'permission_denied']);
  });

  test('Webhooks tell it all, signed, in order, and again until they are taken', async () => {
    const told = (room) => inbox.events.filter((event) => event.room?.name === room).map(({ event, participant, track }) => [event, participant?.identity, track?.source].filter((part) => part !== undefined).join(' '));
    inbox.refusals = 2;
    const attempts = inbox.attempts;
    const eva = await join('hooks', 'eva');
    await publish(eva);
    await waitFor('the tracks are told', () => told('hooks').length >= 4);
    await eva.close();
    await waitFor('that she left is told', () => told('hooks').length >= 7);
    await rooms.deleteRoom('hooks');
    await waitFor('the end is told', () => told('hooks').includes('room_finished'));

    const [started, joined, ...rest] = told('hooks');
    assert.deepEqual([started, joined], ['room_started', 'participant_joined eva']);
    assert.deepEqual(rest.slice(0, 2).sort(), [`track_published eva ${TrackSource.CAMERA}`, `track_published eva ${TrackSource.MICROPHONE}`]);
    assert.deepEqual(rest.slice(2, 4).sort(), [`track_unpublished eva ${TrackSource.CAMERA}`, `track_unpublished eva ${TrackSource.MICROPHONE}`]);
    assert.deepEqual(rest.slice(4), ['participant_left eva', 'room_finished']);
    assert.equal(inbox.attempts - attempts, inbox.events.filter((event) => event.room?.name === 'hooks').length + 2);
    assert.equal(new Set(inbox.events.map(({ id }) => id)).size, inbox.events.length);
    assert.ok(inbox.events.every(({ numDropped }) => numDropped === 0));
    assert.equal(inbox.error, undefined);

    const [{ body, authorization }] = inbox.bodies;
    await assert.rejects(inbox.receiver.receive(body.replace('room', 'rooom'), authorization));
  });
});

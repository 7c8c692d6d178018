import { once } from 'node:events';
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../browser/package.json', import.meta.url))('ws');

/**
 * A plain client's signaling, in JSON: joins a room and has one offer answered.
 *   const room = await joinRoom(gateway, { room: 'data', identity: 'ann' });
 *   const answer = await room.offer(sdp);
 */
export async function joinRoom(gateway, { room, identity }) {
  const token = gateway.token({ room, identity });
  const socket = new WebSocket(`${gateway.url.replace(/^http/, 'ws')}/rtc/v1?access_token=${token}`);
  const received = [];
  let changed = () => {};
  socket.on('message', (text) => { received.push(JSON.parse(text)); changed(); });
  const closed = once(socket, 'close').then(() => changed());
  const says = async (key) => {
    while (!received.some((message) => key in message)) {
      if (socket.readyState === WebSocket.CLOSED) throw new Error(`no ${key} before the end, but ${JSON.stringify(received)}`);
      await new Promise((resolve) => { changed = resolve; });
    }
    return received.find((message) => key in message)[key];
  };
  await once(socket, 'open');
  await says('join');
  return {
    async offer(sdp) {
      socket.send(JSON.stringify({ offer: { type: 'offer', sdp, id: 1 } }));
      return (await says('answer')).sdp;
    },
    async leave() {
      socket.send(JSON.stringify({ leave: {} }));
      await closed;
    },
    drop: () => socket.terminate(),
  };
}

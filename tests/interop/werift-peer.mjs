import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const { RTCPeerConnection } = createRequire(new URL('../browser/package.json', import.meta.url))('werift');

const chunk = 16 * 1024;

/** Data channels on werift, an SCTP written in TypeScript; with the methods of a peer process. */
export function startWerift({ expect }) {
  const pc = new RTCPeerConnection({});
  const channels = [pc.createDataChannel('chat'), pc.createDataChannel('files')];
  const [text, binary] = channels;
  const said = [];
  let changed = () => {};
  const say = (value) => { said.push(value); changed(); };
  const digest = createHash('sha256');
  let count = 0;
  text.onmessage = ({ data }) => say({ text: data });
  binary.onmessage = ({ data }) => {
    digest.update(data);
    count += data.length;
    if (count === expect) say({ received: { bytes: count, sha256: digest.digest('hex') } });
  };
  for (const channel of channels) {
    channel.stateChanged.subscribe(() => { if (channels.every(({ readyState }) => readyState === 'open')) say({ open: true }); });
  }
  const commands = {
    answer: (sdp) => pc.setRemoteDescription({ type: 'answer', sdp }),
    text: (value) => text.send(value),
    binary(total) {
      for (let index = 0; index < total / chunk; index++) binary.send(Buffer.alloc(chunk, index % 251));
    },
  };
  (async () => {
    await pc.setLocalDescription(await pc.createOffer());
    say({ offer: pc.localDescription.sdp });
  })();
  return {
    async says(key, timeout = 60_000) {
      const late = new Promise((_, reject) => { setTimeout(() => reject(new Error(`werift: no "${key}", but ${JSON.stringify(said)}`)), timeout).unref(); });
      while (!said.some((value) => key in value)) await Promise.race([late, new Promise((resolve) => { changed = resolve; })]);
      return said.find((value) => key in value);
    },
    async tell(command) {
      for (const [key, value] of Object.entries(command)) await commands[key](value);
    },
    stop: () => pc.close(),
    kill() {},
  };
}

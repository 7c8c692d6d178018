// A viewer in a room with rtc-node in a program of its own, so that it can be at the far end of a line:
//   node line-robot.mjs URL TOKEN
// It says "joined", and when its input ends, what it has recorded, in the form of page/recorder.js.
import { dispose, Room, RoomEvent, TrackKind, VideoStream } from '@livekit/rtc-node';

const sampleInterval = 100;
const [url, token] = process.argv.slice(2);
const tracks = new Map(); // "identity/kind" -> { kind, pictures, samples }
const names = new Map(); // track's id in the statistics -> name

const room = new Room();
room.on(RoomEvent.TrackSubscribed, (track, _, { identity }) => {
  const kind = track.kind === TrackKind.KIND_VIDEO ? 'video' : 'audio';
  const recorded = { kind, pictures: [], samples: [] };
  tracks.set(`${identity}/${kind}`, recorded);
  names.set(track.sid, `${identity}/${kind}`);
  if (kind === 'video') void look(track, recorded);
});
await room.connect(url, token, { autoSubscribe: true, dynacast: false });
console.log('joined');

let isListening = true;
process.stdin.resume().on('end', () => { isListening = false; });
while (isListening) {
  await sample();
  await new Promise((resolve) => { setTimeout(resolve, sampleInterval); });
}
console.log(JSON.stringify(Object.fromEntries(tracks)));
await room.disconnect();
await dispose();
process.exit(0);

async function look(track, { pictures }) {
  for await (const { frame } of new VideoStream(track)) pictures.push([Date.now(), frame.width]);
}

async function sample() {
  const { subscriberStats } = await room.getRtcStats();
  const at = Date.now();
  for (const { stats } of subscriberStats) {
    if (stats.case !== 'inboundRtp') continue;
    const { inbound, received } = stats.value;
    const track = tracks.get(names.get(inbound.trackIdentifier));
    track?.samples.push({
      at,
      packets: Number(received.packetsReceived),
      lost: Number(received.packetsLost),
      bytes: Number(inbound.bytesReceived) + Number(inbound.headerBytesReceived),
      samples: Number(inbound.totalSamplesReceived),
      concealed: Number(inbound.concealedSamples),
      delay: inbound.jitterBufferDelay,
      emitted: Number(inbound.jitterBufferEmittedCount),
    });
  }
}

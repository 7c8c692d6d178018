// livekit-client, as it comes from npm, driven by the tests: each call takes and returns plain JSON.
import { Recorder } from './recorder.js';
import { drawCard, noiseCard } from './test-card.js';
import { ToneMeter, toneTrack } from './tone.js';
import { PictureWatcher } from './watcher.js';

const { Room, RoomEvent, Track, VideoPreset, VideoQuality } = globalThis.LivekitClient;
const members = new Map();

class Member {
  events = [];
  received = [];
  pictures = new Map(); // track sid -> PictureWatcher
  meters = new Map(); // track sid -> ToneMeter

  constructor({ singlePeerConnection, records = false, ...options }) {
    if (records) this.recorder = new Recorder();
    this.room = new Room({ singlePeerConnection, adaptiveStream: false, dynacast: true, ...options });
    this.room
      .on(RoomEvent.TrackSubscribed, (track, _, { identity }) => this.#attach(track, identity))
      .on(RoomEvent.TrackUnsubscribed, (track) => this.#detach(track))
      .on(RoomEvent.DataReceived, (payload, participant, kind, topic) => {
        this.received.push({ text: new TextDecoder().decode(payload), from: participant?.identity, topic, at: performance.now() });
      });
    for (const name of ['SignalReconnecting', 'Reconnecting', 'Reconnected', 'Disconnected', 'TrackMuted', 'TrackUnmuted', 'TrackUnsubscribed']) {
      this.room.on(RoomEvent[name], (...details) => this.events.push({ name, detail: String(details.filter((detail) => typeof detail !== 'object')) }));
    }
  }

  #attach(track, identity) {
    const element = track.attach();
    element.muted = true; // a test hears by its meter
    document.body.append(element);
    this.recorder?.add(`${identity}/${track.kind}`, track.receiver, track.kind === Track.Kind.Video ? element : undefined);
    if (track.kind === Track.Kind.Video) {
      this.pictures.set(track.sid, new PictureWatcher(element));
    } else {
      this.meters.set(track.sid, new ToneMeter(new MediaStream([track.mediaStreamTrack])));
    }
  }

  #detach(track) {
    track.detach().forEach((element) => element.remove());
    this.pictures.delete(track.sid);
    this.meters.delete(track.sid);
  }

  publication(identity, source) {
    const participant = identity === this.room.localParticipant.identity
      ? this.room.localParticipant
      : this.room.remoteParticipants.get(identity);
    return participant?.getTrackPublication(Track.Source[source]);
  }
}

function cardTrack({ width, height, fps, turn, picture, moving }) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  let frame = 0;
  const draw = picture === 'noise' ? noiseCard(context, moving) : () => drawCard(context, frame++, turn);
  draw();
  setInterval(draw, 1000 / fps);
  const [track] = canvas.captureStream(fps).getVideoTracks();
  return track;
}

globalThis.livekit = {
  async join(id, { url, token, options }) {
    const member = new Member(options);
    members.set(id, member);
    await member.room.connect(url, token, { autoSubscribe: options.autoSubscribe ?? true });
    return { sid: member.room.localParticipant.sid };
  },

  /** @param layers of a simulcast, from the smallest to the card itself: {width, height, bitrate} */
  async publishCard(id, { source = 'Camera', width = 320, height = 180, fps = 12, turn = 0, simulcast = true, videoCodec, layers, ...card }) {
    const publication = await members.get(id).room.localParticipant.publishTrack(
      cardTrack({ width, height, fps, turn, ...card }),
      {
        source: Track.Source[source], simulcast, videoCodec, backupCodec: false, degradationPreference: 'maintain-resolution',
        ...(layers && {
          videoEncoding: { maxBitrate: layers.at(-1).bitrate, maxFramerate: fps },
          videoSimulcastLayers: layers.slice(0, -1).map((layer) => new VideoPreset(layer.width, layer.height, layer.bitrate, fps)),
        }),
      },
    );
    return { sid: publication.trackSid };
  },

  async publishTone(id, { tone }) {
    const publication = await members.get(id).room.localParticipant.publishTrack(toneTrack(tone), { source: Track.Source.Microphone });
    return { sid: publication.trackSid };
  },

  async unpublish(id, { source }) {
    const member = members.get(id);
    await member.room.localParticipant.unpublishTrack(member.publication(member.room.localParticipant.identity, source).track);
  },

  async setMuted(id, { source, muted }) {
    const member = members.get(id);
    const { track } = member.publication(member.room.localParticipant.identity, source);
    await (muted ? track.mute() : track.unmute());
  },

  view(id, { identity, source = 'Camera', tone }) {
    const member = members.get(id);
    const picture = member.publication(identity, source);
    const sound = member.publication(identity, 'Microphone');
    const watcher = member.pictures.get(picture?.trackSid);
    const meter = member.meters.get(sound?.trackSid);
    return {
      ...watcher?.view(),
      sid: picture?.trackSid,
      isPictureMuted: picture?.isMuted,
      isSoundMuted: sound?.isMuted,
      isSubscribed: picture?.isSubscribed,
      streamState: picture?.track?.streamState,
      mimeType: picture?.mimeType,
      tone: tone && meter?.measure(tone),
      otherTone: tone && meter?.measure(tone * 1.7),
    };
  },

  /** What a member that `records` has had so far: see recorder.js. */
  recording: (id) => members.get(id).recorder.recording,

  forgetGaps(id) {
    members.get(id).pictures.forEach((watcher) => watcher.forgetGaps());
  },

  setQuality(id, { identity, quality }) {
    members.get(id).publication(identity, 'Camera').setVideoQuality(VideoQuality[quality]);
  },

  /** Asks for a picture of that size, as a tile of that size does. */
  setSize(id, { identity, width, height }) {
    members.get(id).publication(identity, 'Camera').setVideoDimensions({ width, height });
  },

  setSubscribed(id, { identity, subscribed }) {
    members.get(id).publication(identity, 'Camera').setSubscribed(subscribed);
  },

  sendData(id, { text, to, reliable = true, topic }) {
    return members.get(id).room.localParticipant.publishData(new TextEncoder().encode(text), { destinationIdentities: to, reliable, topic });
  },

  simulate: (id, { scenario, value }) => members.get(id).room.simulateScenario(scenario, value),

  state(id) {
    const { room, events, received } = members.get(id);
    return {
      connection: room.state,
      sid: room.localParticipant.sid,
      others: [...room.remoteParticipants.keys()].sort(),
      speakers: room.activeSpeakers.map(({ identity }) => identity).sort(),
      qualities: Object.fromEntries([room.localParticipant, ...room.remoteParticipants.values()]
        .map(({ identity, connectionQuality }) => [identity, connectionQuality])),
      events,
      received,
      published: [...room.localParticipant.trackPublications.values()].map(({ trackSid, source }) => ({ trackSid, source })),
    };
  },

  leave: (id) => members.get(id).room.disconnect(),
};

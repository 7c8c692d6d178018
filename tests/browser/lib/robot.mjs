import {
  AudioFrame, AudioSource, AudioStream, LocalAudioTrack, LocalVideoTrack, Room, RoomEvent, TrackKind, TrackPublishOptions, TrackSource,
  VideoBufferType, VideoFrame, VideoSource, VideoStream,
} from '@livekit/rtc-node';
import { waitFor } from './wait.mjs';

export { dispose } from '@livekit/rtc-node';

const sampleRate = 48_000;
const samplesPerFrame = sampleRate / 100;
const framesPerSecond = 12;
/** The mean of how much, in each plane, a decoded pixel may differ from what was sent. */
export const pixelTolerance = 12;

/** Somebody in a room without a browser: @livekit/rtc-node, which is libwebrtc below a Rust SDK. */
export class Robot {
  received = [];
  events = [];

  #room = new Room();
  #pictures = new Map(); // identity -> {frames, means}
  #sounds = new Map(); // identity -> samples of the last half second
  #endings = [];

  /** @param listens whether it looks at and hears what it gets, which costs some processor time */
  static async join(gateway, room, identity, { listens = true, ...options } = {}) {
    const robot = new Robot(identity, listens);
    await robot.#room.connect(gateway.url.replace('http', 'ws'), gateway.token({ room, identity }), { autoSubscribe: true, dynacast: false, ...options });
    return robot;
  }

  /** Changes when it joins anew. */
  get sid() { return this.#room.localParticipant.sid; }

  get isConnected() { return this.#room.isConnected; }

  constructor(identity, listens) {
    this.identity = identity;
    for (const name of ['Reconnecting', 'Reconnected', 'Disconnected']) {
      this.#room.on(RoomEvent[name], () => this.events.push({ name, at: Date.now() }));
    }
    this.#room
      .on(RoomEvent.TrackSubscribed, (track, _, participant) => {
        if (!listens) return;
        void (track.kind === TrackKind.KIND_VIDEO ? this.#watch(track, participant.identity) : this.#listen(track, participant.identity));
      })
      .on(RoomEvent.DataReceived, (payload, participant, _, topic) => {
        this.received.push({ text: new TextDecoder().decode(payload), from: participant?.identity, topic });
      });
  }

  async #watch(track, identity) {
    const seen = { frames: 0 };
    this.#pictures.set(identity, seen);
    for await (const { frame } of new VideoStream(track)) {
      seen.frames++;
      seen.width = frame.width;
      seen.height = frame.height;
      if (seen.frames % 6 === 0) seen.means = planeMeans(frame.convert(VideoBufferType.I420));
    }
  }

  async #listen(track, identity) {
    const samples = new Float32Array(sampleRate / 2);
    this.#sounds.set(identity, samples);
    for await (const { data } of new AudioStream(track, sampleRate, 1)) {
      samples.copyWithin(0, data.length);
      for (let i = 0; i < data.length; i++) samples[samples.length - data.length + i] = data[i] / 32768;
    }
  }

  /** Publishes pictures of one colour, given as Y, U and V. */
  async publishColour([y, u, v], { width = 320, height = 180, simulcast = true } = {}) {
    const source = new VideoSource(width, height);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast });
    await this.#room.localParticipant.publishTrack(LocalVideoTrack.createVideoTrack('camera', source), options);
    const chroma = (width / 2) * (height / 2);
    const data = new Uint8Array(width * height + 2 * chroma);
    data.fill(y, 0, width * height);
    data.fill(u, width * height, width * height + chroma);
    data.fill(v, width * height + chroma);
    const frame = new VideoFrame(data, width, height, VideoBufferType.I420);
    const timer = setInterval(() => source.captureFrame(frame), 1000 / framesPerSecond);
    this.#endings.push(() => clearInterval(timer));
  }

  async publishTone(frequency) {
    const source = new AudioSource(sampleRate, 1);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await this.#room.localParticipant.publishTrack(LocalAudioTrack.createAudioTrack('microphone', source), options);
    void this.#play(source, frequency);
  }

  /** captureFrame waits while the source has enough in its queue. */
  async #play(source, frequency) {
    let isPlaying = true;
    this.#endings.push(() => { isPlaying = false; });
    for (let sample = 0; isPlaying; sample += samplesPerFrame) {
      const data = Int16Array.from({ length: samplesPerFrame }, (_, i) => 16_000 * Math.sin(2 * Math.PI * frequency * (sample + i) / sampleRate));
      await source.captureFrame(new AudioFrame(data, sampleRate, 1, samplesPerFrame));
    }
  }

  say(text, { to = [], topic = '' } = {}) {
    return this.#room.localParticipant.publishData(new TextEncoder().encode(text), { reliable: true, destination_identities: to, topic });
  }

  /** Waits for so many more pictures of somebody, and returns the last one's size and the mean of each plane. */
  async sees(identity, frames, { timeout = 30_000 } = {}) {
    const before = this.#pictures.get(identity)?.frames ?? 0;
    await waitFor(`${this.identity} sees ${frames} more pictures of ${identity}`, () => {
      const seen = this.#pictures.get(identity);
      return seen?.means && seen.frames - before >= frames;
    }, { timeout });
    return this.#pictures.get(identity);
  }

  /** Waits until what is heard from somebody is a tone, and returns its frequency. */
  async hearsTone(identity, { timeout = 40_000 } = {}) {
    let heard;
    await waitFor(`${this.identity} hears a tone from ${identity}`, () => {
      heard = this.#sounds.has(identity) && pitchOf(this.#sounds.get(identity));
      return heard;
    }, { timeout });
    return heard;
  }

  async leave() {
    this.#endings.forEach((end) => end());
    await this.#room.disconnect();
  }
}

/** The mean of each plane: Y, U and V. */
function planeMeans(frame) {
  return [0, 1, 2].map((index) => {
    const plane = frame.getPlane(index);
    return plane.reduce((sum, value) => sum + value, 0) / plane.length;
  });
}

/** The frequency by the zero crossings, when the samples are one loud tone; undefined otherwise. */
function pitchOf(samples) {
  const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  const crossings = [];
  for (let i = 1; i < samples.length; i++) {
    if (samples[i - 1] < 0 && samples[i] >= 0) crossings.push(i - samples[i] / (samples[i] - samples[i - 1]));
  }
  if (level < 0.05 || crossings.length < 10) return undefined;
  const periods = crossings.slice(1).map((crossing, index) => crossing - crossings[index]);
  const mean = periods.reduce((sum, period) => sum + period, 0) / periods.length;
  const isSteady = periods.every((period) => Math.abs(period - mean) < mean * 0.2);
  return isSteady ? sampleRate / mean : undefined;
}

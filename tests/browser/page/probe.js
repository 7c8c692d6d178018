// What the tests drive inside a browser page: a WHIP publisher and a WHEP viewer that measure what they see and hear.
// Every call takes and returns plain JSON, so that any driver can make it.
import { Recorder } from './recorder.js';
import { drawCard, noiseCard } from './test-card.js';
import { ToneMeter, toneTrack } from './tone.js';
import { PictureWatcher } from './watcher.js';

const sessions = new Map();
let nextSession = 1;

class Session {
  constructor(token) {
    this.id = nextSession++;
    this.token = token;
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    sessions.set(this.id, this);
  }

  /** Offers over HTTP and applies the answer. `setup` rewrites the DTLS role in the offer that the gateway sees. */
  async open(endpoint, setup) {
    await this.pc.setLocalDescription();
    await gathered(this.pc);
    let offer = this.pc.localDescription.sdp;
    if (setup) offer = offer.replaceAll('a=setup:actpass', `a=setup:${setup}`);
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...this.authorization },
      body: offer,
    });
    const body = await response.text();
    const result = {
      id: this.id,
      status: response.status,
      type: response.headers.get('Content-Type'),
      location: response.headers.get('Location'),
      etag: response.headers.get('ETag'),
      offer,
    };
    if (response.status !== 201) {
      this.pc.close();
      sessions.delete(this.id);
      return { ...result, problem: body.startsWith('{') ? JSON.parse(body) : body };
    }
    this.url = new URL(result.location, endpoint).href;
    this.etag = result.etag;
    await this.pc.setRemoteDescription({ type: 'answer', sdp: body });
    return { ...result, answer: body };
  }

  get authorization() { return this.token ? { Authorization: `Bearer ${this.token}` } : {}; }

  async restartIce() {
    this.pc.restartIce();
    await this.pc.setLocalDescription();
    await gathered(this.pc);
    const response = await fetch(this.url, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*', ...this.authorization },
      body: fragmentOf(this.pc.localDescription.sdp),
    });
    const body = await response.text();
    const result = { status: response.status, etag: response.headers.get('ETag'), previousEtag: this.etag, body };
    if (response.status === 200) {
      this.etag = result.etag;
      await this.pc.setRemoteDescription({ type: 'answer', sdp: withFragment(this.pc.currentRemoteDescription.sdp, body) });
    }
    return result;
  }

  async close({ tell = true } = {}) {
    this.stopDrawing?.();
    const response = tell && await fetch(this.url, { method: 'DELETE', headers: this.authorization });
    this.pc.close();
    sessions.delete(this.id);
    return { status: response ? response.status : 0 };
  }
}

async function gathered(pc) {
  if (pc.iceGatheringState === 'complete') return;
  await new Promise((resolve) => {
    pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && resolve());
    setTimeout(resolve, 2000); // ICE-lite needs no candidate of ours
  });
}

/** RFC 8840, section 9: the ICE lines of a description, without its media lines' details. */
function fragmentOf(sdp) {
  const [session, ...sections] = sdp.split(/(?=^m=)/m);
  const pick = (text, prefixes) => text.split('\r\n').filter((line) => prefixes.some((prefix) => line.startsWith(prefix)));
  const first = sections[0];
  return [
    ...pick(session, ['a=group:BUNDLE', 'a=ice-options']),
    ...pick(first, ['a=ice-options', 'a=ice-ufrag', 'a=ice-pwd']),
    first.split('\r\n')[0],
    ...pick(first, ['a=mid', 'a=candidate', 'a=end-of-candidates']),
    '',
  ].join('\r\n');
}

function withFragment(sdp, fragment) {
  const value = (name) => new RegExp(`^a=${name}:(.*)$`, 'm').exec(fragment)[1].trim();
  return sdp
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${value('ice-ufrag')}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${value('ice-pwd')}`);
}

/** Keeps the named codecs (and RTX), in the order given. An H264 profile-level-id is a name too. */
function preferCodecs(transceiver, names, capabilities) {
  const subtype = (codec) => codec.mimeType.split('/')[1].toUpperCase();
  const profile = (codec) => /profile-level-id=(\w+)/.exec(codec.sdpFmtpLine ?? '')?.[1];
  const usable = capabilities.codecs.filter((codec) => !/packetization-mode=0/.test(codec.sdpFmtpLine ?? ''));
  const chosen = names.flatMap((name) => usable.filter((codec) => subtype(codec) === name || profile(codec) === name));
  if (chosen.length === 0) throw new Error(`this browser has no ${names}`);
  transceiver.setCodecPreferences([...chosen, ...usable.filter((codec) => subtype(codec) === 'RTX')]);
}

function cardTrack({ width, height, fps, picture, turn }, session) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  const draw = picture === 'noise' ? noiseCard(context) : (frame) => drawCard(context, frame, turn);
  let frame = 0;
  draw(frame);
  const timer = setInterval(() => draw(++frame), 1000 / fps);
  session.stopDrawing = () => { clearInterval(timer); canvas.remove(); };
  return canvas.captureStream(fps).getVideoTracks()[0];
}

/** Three layers, each half the size of the next, named as the WebRTC samples name them. */
function simulcastEncodings([low, middle, high] = [150_000, 500_000, 1_500_000]) {
  return [
    { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: low },
    { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: middle },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: high },
  ];
}

/** A busy machine drops frames rather than pixels, so that tests may ask for a size. Firefox always does. */
async function keepSize(sender) {
  const parameters = sender.getParameters();
  parameters.degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}

async function publish({ endpoint, token, setup, codec, tone = 440, simulcast = false, bitrates, maxBitrate, camera = false, ...card }) {
  const session = new Session(token);
  const picture = { width: 640, height: 360, fps: 25, picture: 'card', turn: 0, ...card };
  const video = camera
    ? (await navigator.mediaDevices.getUserMedia({ video: { width: picture.width, height: picture.height } })).getVideoTracks()[0]
    : cardTrack(picture, session);
  const stream = new MediaStream([video]);
  if (tone) {
    const audio = toneTrack(tone);
    stream.addTrack(audio);
    session.pc.addTransceiver(audio, { direction: 'sendonly', streams: [stream] });
  }
  const sendEncodings = simulcast ? simulcastEncodings(bitrates) : [{ maxBitrate }];
  if (!simulcast && !maxBitrate) delete sendEncodings[0].maxBitrate;
  const transceiver = session.pc.addTransceiver(video, { direction: 'sendonly', streams: [stream], sendEncodings });
  if (codec) preferCodecs(transceiver, [codec], RTCRtpSender.getCapabilities('video'));
  await keepSize(transceiver.sender);
  return session.open(endpoint, setup);
}

async function watch({ endpoint, token, setup, codecs, records = false }) {
  const session = new Session(token);
  if (records) session.recorder = new Recorder();
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, playsInline: true });
  document.body.append(video);
  const stream = new MediaStream();
  video.srcObject = stream;
  Object.assign(session, { watcher: new PictureWatcher(video), tracks: [] });
  session.pc.addEventListener('track', ({ track, receiver }) => {
    session.recorder?.add(track.kind, receiver, track.kind === 'video' ? video : undefined);
    stream.addTrack(track);
    session.tracks.push(track.id);
    if (track.kind === 'audio') session.meter = new ToneMeter(new MediaStream([track]));
    video.play().catch(() => {});
  });
  session.pc.addTransceiver('audio', { direction: 'recvonly' });
  const transceiver = session.pc.addTransceiver('video', { direction: 'recvonly' });
  if (codecs) preferCodecs(transceiver, codecs, RTCRtpReceiver.getCapabilities('video'));
  return session.open(endpoint, setup);
}

/** What the viewer has seen and heard so far. */
async function view(id, { tone = 440 } = {}) {
  const { watcher, meter, tracks, pc } = sessions.get(id);
  const stats = await statistics(id);
  return {
    ...watcher.view(),
    tone: meter?.measure(tone),
    otherTone: meter?.measure(tone * 1.7),
    tracks,
    connection: pc.connectionState,
    ...stats,
  };
}

/** The statistics that tests ask for, in one flat shape for every browser. */
async function statistics(id) {
  const { pc } = sessions.get(id);
  const all = [...(await pc.getStats()).values()];
  const codec = (codecId) => all.find((entry) => entry.id === codecId)?.mimeType?.split('/')[1];
  const transport = all.find((entry) => entry.type === 'transport') ?? {};
  const pair = all.find((entry) => entry.id === transport.selectedCandidatePairId)
    ?? all.find((entry) => entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded');
  const streams = (type, kind) => all.filter((entry) => entry.type === type && entry.kind === kind);
  return {
    at: performance.now(),
    connection: pc.connectionState,
    dtlsRole: transport.dtlsRole,
    srtpCipher: transport.srtpCipher,
    tlsVersion: transport.tlsVersion,
    localUfrag: transport.iceLocalUsernameFragment,
    remotePort: all.find((entry) => entry.id === pair?.remoteCandidateId)?.port,
    remoteTrackIds: pc.getReceivers().map((receiver) => receiver.track.id),
    availableOutgoingBitrate: pair?.availableOutgoingBitrate,
    roundTripTime: pair?.currentRoundTripTime,
    videoOut: streams('outbound-rtp', 'video').map((entry) => ({
      rid: entry.rid, codec: codec(entry.codecId), bytesSent: entry.bytesSent, framesEncoded: entry.framesEncoded,
      width: entry.frameWidth, height: entry.frameHeight, pli: entry.pliCount, nack: entry.nackCount,
      limitation: entry.qualityLimitationReason,
    })),
    remoteVideoIn: streams('remote-inbound-rtp', 'video').map((entry) => ({
      roundTripTime: entry.roundTripTime, fractionLost: entry.fractionLost, packetsLost: entry.packetsLost,
    })),
    videoIn: streams('inbound-rtp', 'video').map((entry) => ({
      ssrc: entry.ssrc, codec: codec(entry.codecId), framesDecoded: entry.framesDecoded, keyFramesDecoded: entry.keyFramesDecoded,
      packetsReceived: entry.packetsReceived, packetsLost: entry.packetsLost, freezes: entry.freezeCount,
      width: entry.frameWidth, height: entry.frameHeight, pli: entry.pliCount, nack: entry.nackCount,
      bytesReceived: entry.bytesReceived,
    })),
    audioIn: streams('inbound-rtp', 'audio').map((entry) => ({
      codec: codec(entry.codecId), packetsReceived: entry.packetsReceived, packetsLost: entry.packetsLost,
      samples: entry.totalSamplesReceived, concealed: entry.concealedSamples,
    })),
  };
}

globalThis.probe = {
  publish,
  watch,
  view,
  forgetGaps: (id) => sessions.get(id).watcher.forgetGaps(),
  statistics,
  recording: (id) => sessions.get(id).recorder.recording,
  restartIce: (id) => sessions.get(id).restartIce(),
  close: (id, options) => sessions.get(id).close(options),
};

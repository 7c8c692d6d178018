// WHIP (RFC 9725) and WHEP sessions over fetch.

/** What the gateway refused, in the words of its problem document. */
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export async function refusalOf(response) {
  try {
    const problem = await response.json();
    return new Refusal(response.status, problem.code, `${problem.title}. ${problem.detail}`);
  } catch {
    return new Refusal(response.status, "unknown", `The gateway answered ${response.status} ${response.statusText}.`);
  }
}

/** Milliseconds until the media is ended without the gateway's word. */
const goodbyeTimeout = 2_000;

/** One opened session: ended by DELETE, also while the page closes. */
export class Session {
  #url;
  #token;

  constructor(peer, url, token) {
    this.peer = peer;
    this.#url = url;
    this.#token = token;
  }

  /**
   * Deletes first and closes then: a closed peer says so to the gateway, which would have no session left to delete.
   * keepalive lets the request outlive the page; sendBeacon could not carry the token.
   */
  async close() {
    const headers = { Authorization: `Bearer ${this.#token}` };
    await fetch(this.#url, { method: "DELETE", headers, keepalive: true, signal: AbortSignal.timeout(goodbyeTimeout) })
      .catch(() => {});
    this.peer.close();
  }
}

/**
 * Sends the offer at once: the gateway is an ICE-lite server, so it needs none of the browser's candidates to be reached.
 */
export async function open(peer, path, token) {
  await peer.setLocalDescription(await peer.createOffer());
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${token}` },
    body: peer.localDescription.sdp,
  });
  if (response.status !== 201) {
    throw await refusalOf(response);
  }
  const session = new Session(peer, new URL(response.headers.get("Location"), response.url), token);
  try {
    await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

const maxBitrate = 2_500_000;

const simulcastLayers = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate },
];

/** Adds the tracks of a stream to send, video with the wanted codec alone, if one is wanted. */
export function addTracks(peer, stream, codec, simulcast) {
  for (const track of stream.getTracks()) {
    const isVideo = track.kind === "video";
    const sendEncodings = isVideo ? videoEncodings(codec, simulcast) : [{}];
    const transceiver = peer.addTransceiver(track, { direction: "sendonly", streams: [stream], sendEncodings });
    if (isVideo && codec) {
      preferCodec(transceiver, codec);
    }
  }
}

function videoEncodings(codec, simulcast) {
  if (!simulcast) {
    return [{ maxBitrate }];
  }
  // Without it Chromium sends VP9 and AV1 as spatial layers of one stream instead of as separate encodings.
  const separate = codec === "VP9" || codec === "AV1" ? { scalabilityMode: "L1T1" } : {};
  return simulcastLayers.map((layer) => ({ ...layer, ...separate }));
}

/** Preferences name receive codecs, also for a sender (W3C WebRTC, setCodecPreferences). */
function preferCodec(transceiver, codec) {
  const isWanted = (candidate) => candidate.mimeType.toLowerCase() === `video/${codec.toLowerCase()}`;
  const all = RTCRtpReceiver.getCapabilities("video").codecs;
  if (!all.some(isWanted) || !RTCRtpSender.getCapabilities("video").codecs.some(isWanted)) {
    throw new Error(`This browser cannot send ${codec}.`);
  }
  transceiver.setCodecPreferences([...all.filter(isWanted), ...all.filter((candidate) => candidate.mimeType === "video/rtx")]);
}

// Turns RTCPeerConnection.getStats into bitrate, frame rate, loss and round-trip time, once a second.

export class Measurements {
  #peer;
  #sends;
  #previous = null;

  constructor(peer, sends) {
    this.#peer = peer;
    this.#sends = sends;
  }

  /** @returns {Promise<?{kilobits: number, frames: number, loss: number, rtt: ?number, details: string}>} null the first time */
  async sample() {
    const report = [...(await this.#peer.getStats()).values()];
    const current = this.#sends ? sent(report) : received(report);
    const previous = this.#previous;
    this.#previous = current;
    if (!previous || current.time <= previous.time) {
      return null;
    }
    const seconds = (current.time - previous.time) / 1000;
    const lost = Math.max(0, current.lost - previous.lost);
    const packets = Math.max(0, current.packets - previous.packets);
    const total = this.#sends ? packets : packets + lost;
    return {
      kilobits: Math.max(0, ((current.bytes - previous.bytes) * 8) / 1000 / seconds),
      frames: Math.max(0, (current.frames - previous.frames) / seconds),
      loss: total > 0 ? Math.min(100, (lost / total) * 100) : 0,
      rtt: roundTrip(report),
      details: current.details,
    };
  }
}

function sent(report) {
  const streams = report.filter((entry) => entry.type === "outbound-rtp");
  const remote = report.filter((entry) => entry.type === "remote-inbound-rtp");
  const video = streams.filter((entry) => entry.kind === "video");
  const top = video.reduce((best, entry) => ((entry.frameHeight ?? 0) > (best?.frameHeight ?? -1) ? entry : best), null);
  return {
    time: timeOf(report),
    bytes: sum(streams, "bytesSent"),
    packets: sum(streams, "packetsSent"),
    lost: sum(remote, "packetsLost"),
    frames: top?.framesEncoded ?? 0,
    details: describe(report, top, video.length > 1 ? `${video.length} layers` : ""),
  };
}

function received(report) {
  const streams = report.filter((entry) => entry.type === "inbound-rtp");
  const video = streams.find((entry) => entry.kind === "video");
  return {
    time: timeOf(report),
    bytes: sum(streams, "bytesReceived"),
    packets: sum(streams, "packetsReceived"),
    lost: sum(streams, "packetsLost"),
    frames: video?.framesDecoded ?? 0,
    details: describe(report, video, video?.freezeCount ? `${video.freezeCount} freezes` : ""),
  };
}

function describe(report, video, extra) {
  if (!video) {
    return "";
  }
  const codec = report.find((entry) => entry.id === video.codecId)?.mimeType?.replace("video/", "");
  const size = video.frameWidth ? `${video.frameWidth}×${video.frameHeight}` : "";
  return [codec, size, extra].filter(Boolean).join(", ");
}

/** @returns {?number} milliseconds */
function roundTrip(report) {
  const transport = report.find((entry) => entry.type === "transport" && entry.selectedCandidatePairId);
  const pair = transport
    ? report.find((entry) => entry.id === transport.selectedCandidatePairId)
    : report.find((entry) => entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded");
  return pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1000;
}

function timeOf(report) {
  return report.reduce((latest, entry) => Math.max(latest, entry.timestamp), 0);
}

function sum(entries, field) {
  return entries.reduce((total, entry) => total + (entry[field] ?? 0), 0);
}

// What a viewer has of each track while a test does something else: every picture that it is shown, and ten times a second what the
// browser counts. Times are milliseconds since 1970, so that they can be compared with those of the line.
const sampleInterval = 100;

export class Recorder {
  #tracks = new Map();

  constructor() {
    this.since = Date.now();
    this.#sample();
  }

  add(name, receiver, video) {
    const track = { receiver, kind: receiver.track.kind, pictures: [], samples: [] };
    this.#tracks.set(name, track);
    if (!video) return;
    const onPicture = (now, { width }) => {
      track.pictures.push([Math.round(Date.now()), width]);
      video.requestVideoFrameCallback(onPicture);
    };
    video.requestVideoFrameCallback(onPicture);
  }

  async #sample() {
    for (const track of this.#tracks.values()) {
      const report = await track.receiver.getStats().catch(() => new Map());
      const counts = [...report.values()].find(({ type }) => type === 'inbound-rtp');
      if (counts) track.samples.push(countsOf(counts));
    }
    setTimeout(() => this.#sample(), sampleInterval);
  }

  /** By name: kind, pictures as [when, width], samples. */
  get recording() {
    return Object.fromEntries([...this.#tracks].map(([name, { kind, pictures, samples }]) => [name, { kind, pictures, samples }]));
  }
}

function countsOf(counts) {
  return {
    at: Date.now(),
    packets: counts.packetsReceived,
    lost: counts.packetsLost,
    bytes: counts.bytesReceived + (counts.headerBytesReceived ?? 0),
    resent: counts.retransmittedPacketsReceived ?? 0,
    decoded: counts.framesDecoded,
    keyFrames: counts.keyFramesDecoded,
    freezes: counts.freezeCount,
    frozen: counts.totalFreezesDuration,
    samples: counts.totalSamplesReceived,
    concealed: counts.concealedSamples,
    concealments: counts.concealmentEvents,
    delay: counts.jitterBufferDelay,
    emitted: counts.jitterBufferEmittedCount,
    pli: counts.pliCount,
    nack: counts.nackCount,
  };
}

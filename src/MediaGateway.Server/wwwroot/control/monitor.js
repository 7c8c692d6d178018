// A picture that is watched by WHEP: opened, kept open, measured.

import { open } from "../whip.js";

const retryDelay = 1500;

/** One for all pictures of the page: a browser gives few. It runs once the user has clicked something. */
let audio = null;

/** Events: `measured` with detail {kilobits, loss, level, height}, twice a second while media comes. */
export class Monitor extends EventTarget {
  #path;
  #token;
  #video;
  #session = null;
  #isClosed = false;
  #before = null;
  #meter = null;
  #timer = setInterval(() => void this.#measure(), 500);

  /**
   * @param {HTMLVideoElement} video
   * @param {string} path below the gateway, for example whep/show?source=cam1
   */
  constructor(video, path, token) {
    super();
    this.#video = video;
    this.#path = path;
    this.#token = token;
    void this.#open();
  }

  async #open() {
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    const stream = new MediaStream();
    peer.addTransceiver("audio", { direction: "recvonly" });
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addEventListener("track", ({ track }) => {
      stream.addTrack(track);
      if (track.kind === "audio") {
        this.#listen(track);
      }
      this.#video.srcObject = stream;
      this.#video.play().catch(() => {}); // muted pictures may always play; a newer source may have replaced this one
    });
    peer.addEventListener("connectionstatechange", () => {
      if (peer.connectionState === "failed" || peer.connectionState === "closed") {
        void this.#again();
      }
    });
    try {
      const session = await open(peer, `../${this.#path}`, this.#token);
      if (this.#isClosed) {
        await session.close();
        return;
      }
      this.#session = session;
    } catch (error) {
      peer.close();
      console.info(error.message);
      void this.#again();
    }
  }

  /** What is not played has no level of its own in the statistics. */
  #listen(track) {
    audio ??= new AudioContext();
    void audio.resume();
    this.#meter = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([track])).connect(this.#meter);
  }

  /** The square root of the power of the newest sound, 0 to 1. */
  #level() {
    if (!this.#meter) {
      return 0;
    }
    const samples = new Float32Array(this.#meter.fftSize);
    this.#meter.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  }

  async #again() {
    this.#session = null;
    this.#before = null;
    await new Promise((resolve) => setTimeout(resolve, retryDelay));
    if (!this.#isClosed && !this.#session) {
      await this.#open();
    }
  }

  async #measure() {
    const peer = this.#session?.peer;
    if (!peer) {
      return;
    }
    const inbound = [...(await peer.getStats()).values()].filter(({ type }) => type === "inbound-rtp");
    const sum = (field) => inbound.reduce((total, entry) => total + (entry[field] ?? 0), 0);
    const now = { at: performance.now(), bytes: sum("bytesReceived"), packets: sum("packetsReceived"), lost: sum("packetsLost") };
    const before = this.#before;
    this.#before = now;
    if (!before) {
      return;
    }
    const lost = Math.max(0, now.lost - before.lost);
    const expected = now.packets - before.packets + lost;
    this.dispatchEvent(new CustomEvent("measured", {
      detail: {
        kilobits: ((now.bytes - before.bytes) * 8) / (now.at - before.at),
        loss: expected > 0 ? (100 * lost) / expected : 0,
        level: this.#level(),
        height: inbound.find(({ kind }) => kind === "video")?.frameHeight ?? 0,
      },
    }));
  }

  async close() {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#video.srcObject = null;
    this.#meter?.disconnect();
    await this.#session?.close();
  }
}

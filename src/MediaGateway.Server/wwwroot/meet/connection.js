// The one WebRTC connection of a participant. Only this side makes offers: the gateway asks for them when it wants more
// sections to send on. It is an ICE-lite server with its candidates in the answer, so none of ours need to be sent.

const sectionsAtFirst = 3;

/** Events: `tracks` when what is received has changed, `failed` when the network path is lost. */
export class Connection extends EventTarget {
  /** What the gateway sends, by the track's sid. @type {Map<string, MediaStreamTrack>} */
  remoteTracks = new Map();

  #peer;
  #send;
  #lastOffer = 0;
  #isAwaitingAnswer = false;
  #isOfferDue = false;
  #sids = {};

  /**
   * @param {RTCIceServer[]} iceServers
   * @param {(message: object) => void} send
   */
  constructor(iceServers, send) {
    super();
    this.#send = send;
    this.#peer = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#peer.addEventListener("connectionstatechange", () => {
      if (this.#peer.connectionState === "failed") {
        this.dispatchEvent(new Event("failed"));
      }
    });
    this.addSections({ numAudios: sectionsAtFirst, numVideos: sectionsAtFirst });
  }

  /** Resolves when the network path stands. */
  connected(timeout) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("No network path to the gateway.")), timeout);
      const look = () => {
        if (this.#peer.connectionState === "connected") {
          clearTimeout(timer);
          resolve();
        }
      };
      this.#peer.addEventListener("connectionstatechange", look);
      look();
    });
  }

  openChannel(label) {
    return this.#peer.createDataChannel(label);
  }

  addTransceiver(track, options) {
    return this.#peer.addTransceiver(track, options);
  }

  addSections({ numAudios = 0, numVideos = 0 }) {
    for (const [kind, count] of [["audio", numAudios], ["video", numVideos]]) {
      for (let i = 0; i < count; i++) {
        this.#peer.addTransceiver(kind, { direction: "recvonly" });
      }
    }
  }

  /** Offers what is there now. One offer is under way at a time; what changes meanwhile goes into the next. */
  async offer({ iceRestart = false } = {}) {
    if (this.#isAwaitingAnswer && !iceRestart) {
      this.#isOfferDue = true;
      return;
    }
    this.#isAwaitingAnswer = true;
    this.#isOfferDue = false;
    const id = ++this.#lastOffer;
    const description = await this.#peer.createOffer({ iceRestart });
    await this.#peer.setLocalDescription(description);
    this.#send({ offer: { type: "offer", sdp: this.#peer.localDescription.sdp, id } });
  }

  /** An answer names the track behind every section that the gateway sends on: midToTrackId. */
  async onAnswer({ type, sdp, id = 0, midToTrackId = {} }) {
    if (id !== this.#lastOffer || this.#peer.signalingState !== "have-local-offer") {
      return; // to an offer of before a restart
    }
    await this.#peer.setRemoteDescription({ type, sdp });
    this.#isAwaitingAnswer = false;
    this.#sids = midToTrackId;
    this.#findRemoteTracks();
    if (this.#isOfferDue) {
      await this.offer();
    }
  }

  #findRemoteTracks() {
    const receiving = this.#peer.getTransceivers()
      .filter(({ mid, currentDirection }) => this.#sids[mid] && (currentDirection === "recvonly" || currentDirection === "sendrecv"));
    this.remoteTracks = new Map(receiving.map(({ mid, receiver }) => [this.#sids[mid], receiver.track]));
    this.dispatchEvent(new Event("tracks"));
  }

  /** Which descriptions stand: the gateway compares them when a participant resumes. */
  descriptions() {
    const { currentLocalDescription: offer, currentRemoteDescription: answer } = this.#peer;
    return offer && answer ? { offer: { type: offer.type, sdp: offer.sdp }, answer: { type: answer.type, sdp: answer.sdp } } : {};
  }

  /** @returns {Promise<Map<string, object>>} the statistics of what is received, by the track's sid */
  async statistics() {
    const report = await this.#peer.getStats();
    const found = new Map();
    for (const entry of report.values()) {
      const sid = entry.type === "inbound-rtp" && this.#sids[entry.mid];
      if (sid) {
        found.set(sid, entry);
      }
    }
    return found;
  }

  close() {
    this.#peer.close();
  }
}

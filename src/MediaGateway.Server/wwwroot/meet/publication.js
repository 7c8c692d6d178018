// One track of ours in the room: announced by addTrack, carried by a section of the connection.

/** LiveKit's names for a track's encodings: an update of subscribed qualities speaks of these. */
const qualityOfRid = { q: "LOW", h: "MEDIUM", f: "HIGH" };

export class Publication {
  /** The gateway's id for it, once it is known there. @type {?string} */
  sid = null;
  muted = false;
  /** Somebody other than the user muted it, and so may let it be heard or seen again. */
  isMutedByOthers = false;

  #connection;
  #send;
  #capture;
  #transceiver;
  #cid;

  /**
   * @param {Connection} connection
   * @param {(message: object) => void} send
   * @param {Capture} capture see media.js
   */
  constructor(connection, send, capture) {
    this.#connection = connection;
    this.#send = send;
    this.#capture = capture;
    this.#cid = capture.track.id;
    this.#transceiver = connection.addTransceiver(capture.track, {
      direction: "sendonly",
      streams: [new MediaStream([capture.track])],
      sendEncodings: capture.encodings,
    });
  }

  get source() {
    return this.#capture.source;
  }

  get cid() {
    return this.#cid;
  }

  get track() {
    return this.#capture.track;
  }

  /** Tells the gateway what the section is about to carry. It answers with trackPublished, which brings the sid. */
  announce() {
    const { track, source, width, height, layers } = this.#capture;
    this.#send({
      addTrack: {
        cid: this.#cid,
        type: track.kind.toUpperCase(),
        name: source.toLowerCase(),
        source,
        width,
        height,
        layers,
        muted: this.muted,
      },
    });
  }

  /** After a resume the gateway may have missed either. */
  announceAgain() {
    if (this.sid) {
      this.tellMuted();
    } else {
      this.announce();
    }
  }

  /** A muted microphone stays open, to be back at once; a muted camera is let go of, so that its light goes out. */
  async mute() {
    const { track } = this; // by the time that the sender has let go of it, unmute may have brought another
    this.muted = true;
    this.tellMuted();
    if (track.kind === "video") {
      await this.#transceiver.sender.replaceTrack(null);
      track.stop();
    } else {
      track.enabled = false;
    }
  }

  /** @param {?Capture} capture a new one for a camera */
  async unmute(capture) {
    if (capture) {
      this.#capture = capture;
      await this.#transceiver.sender.replaceTrack(capture.track);
    }
    this.track.enabled = true;
    this.muted = false;
    this.isMutedByOthers = false;
    this.tellMuted();
  }

  tellMuted() {
    if (this.sid) {
      this.#send({ mute: { sid: this.sid, muted: this.muted } });
    }
  }

  /** Sends only the encodings that somebody watches. */
  async setQualities(qualities) {
    const enabled = new Map(qualities.map(({ quality = "LOW", enabled: wanted = false }) => [quality, wanted]));
    const { sender } = this.#transceiver;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      encoding.active = enabled.get(qualityOfRid[encoding.rid] ?? "HIGH") ?? encoding.active;
    }
    await sender.setParameters(parameters);
  }

  /** Takes the track out of the room; the section stays, for nobody. */
  async end() {
    this.track.stop();
    await this.#transceiver.sender.replaceTrack(null);
    this.#transceiver.direction = "inactive";
    await this.#connection.offer();
  }

  /** The same track over another connection, as after a full reconnect. */
  movedTo(connection) {
    const moved = new Publication(connection, this.#send, this.#capture);
    moved.muted = this.muted;
    return moved;
  }
}

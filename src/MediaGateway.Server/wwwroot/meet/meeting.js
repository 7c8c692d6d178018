// A stay in a room: joins, publishes, follows what the gateway tells, and comes back when the connection is lost.
//
// There are two ways back. Resuming keeps everything: a new WebSocket with the old sid, then an offer that restarts ICE.
// When the gateway no longer knows us, we join anew and publish again.

import { Connection } from "./connection.js";
import { Publication } from "./publication.js";
import { Room } from "./room.js";
import { Refused, Signaling } from "./signaling.js";

const retryDelays = [0, 300, 1200, 2700, 4800, 7000];
const connectTimeout = 10_000;
const goodbyes = {
  DUPLICATE_IDENTITY: "You joined from another window.",
  SERVER_SHUTDOWN: "The gateway is shutting down.",
  PARTICIPANT_REMOVED: "You were removed from the room.",
  ROOM_DELETED: "The room was closed.",
  ROOM_CLOSED: "The room was closed.",
};

/**
 * Events: `change` (room, tracks or publications), `speakers`, `joined` and `left` (detail: a Participant), `reconnecting`,
 * `reconnected`, `unmute` (detail: the source that may be heard or seen again), `asked` (detail: text), `channels` (detail: openChannel, for a new connection), `trouble` (detail: text), `ended` (detail: text).
 */
export class Meeting extends EventTarget {
  room = new Room();
  /** Own tracks, by source. @type {Map<string, Publication>} */
  publications = new Map();

  #token;
  #signaling = null;
  #connection = null;
  #settings = new Map();
  #isEnded = false;
  #isReconnecting = false;
  #mustJoinAnew = false;

  /**
   * @param {string} token
   * @param {Capture[]} captures what to publish from the start
   * @throws {Error} with a text for the user
   */
  async join(token, captures) {
    this.#token = token;
    await this.#join(captures);
  }

  async #join(captures = []) {
    const { signaling, first } = await this.#open();
    if (!first.join) {
      signaling.close();
      throw new Refused(goodbyes[first.leave?.reason] ?? "The gateway did not let us in.");
    }
    this.#signaling = signaling;
    this.room.onJoin(first.join);
    this.#settings.clear();
    this.#connect(first.join.iceServers);
    this.publications.forEach((publication) => publication.announce());
    await this.publish(...captures);
  }

  #open(options = {}) {
    return Signaling.open(this.#token, options, {
      onMessage: (message) => void this.#onMessage(message).catch((error) => this.#emit("trouble", error.message)),
      onLost: () => void this.#reconnect(),
    });
  }

  #connect(iceServers = []) {
    this.#connection?.close();
    const connection = new Connection(iceServers, (message) => this.#send(message));
    connection.addEventListener("tracks", () => this.#emit("change"));
    connection.addEventListener("failed", () => connection === this.#connection && void this.#reconnect());
    this.#connection = connection;
    for (const [source, publication] of this.publications) {
      this.publications.set(source, publication.movedTo(connection));
    }
    this.#emit("channels", (label) => connection.openChannel(label));
  }

  #send(message) {
    return this.#signaling?.send(message) ?? false;
  }

  async #onMessage(message) {
    const [[kind, content]] = Object.entries(message);
    switch (kind) {
      case "answer":
        return this.#connection.onAnswer(content);
      case "mediaSectionsRequirement":
        this.#connection.addSections(content);
        return this.#connection.offer();
      case "update":
        return this.#onUpdate(content.participants);
      case "trackPublished":
        return this.#onTrackPublished(content);
      case "trackUnpublished":
        return this.#onTrackUnpublished(content.trackSid);
      case "mute":
        return this.#onMute(content);
      case "speakersChanged":
        this.room.onSpeakers(content.speakers);
        return this.#emit("speakers");
      case "connectionQuality":
        this.room.onQuality(content.updates);
        return this.#emit("change");
      case "streamStateUpdate":
        this.room.onStreamStates(content.streamStates);
        return this.#emit("change");
      case "subscribedQualityUpdate":
        return this.#publicationOf(content.trackSid)?.setQualities(content.subscribedQualities ?? []);
      case "refreshToken":
        this.#token = content;
        return undefined;
      case "requestResponse":
        return this.#onRequestResponse(content);
      case "leave":
        return this.#onLeave(content);
      default:
        return undefined; // of no interest to this page, or newer than it
    }
  }

  #onUpdate(participants) {
    const { joined, left } = this.room.onUpdate(participants);
    joined.forEach((participant) => this.#emit("joined", participant));
    left.forEach((participant) => this.#emit("left", participant));
    this.#emit("change");
  }

  /** Who runs the room may mute anybody, but nobody's own mute is undone by others. */
  async #onMute({ sid, muted = false }) {
    const publication = this.#publicationOf(sid);
    if (!publication || publication.muted === muted) {
      return;
    }
    if (muted) {
      publication.isMutedByOthers = true;
      await publication.mute();
      this.#emit("change");
    } else if (publication.isMutedByOthers) {
      this.#emit("unmute", publication.source);
    } else {
      publication.tellMuted();
      this.#emit("asked", "You are asked to unmute.");
    }
  }

  #onTrackPublished({ cid, track }) {
    const publication = [...this.publications.values()].find((candidate) => candidate.cid === cid);
    if (publication) {
      publication.sid = track.sid;
      this.#emit("change");
    }
  }

  #onTrackUnpublished(sid) {
    const publication = this.#publicationOf(sid);
    return publication && this.unpublish(publication.source);
  }

  async #onRequestResponse({ reason = "OK", message, addTrack }) {
    if (reason === "OK") {
      return;
    }
    const refused = addTrack && [...this.publications.values()].find((candidate) => candidate.cid === addTrack.cid);
    if (refused) {
      await this.unpublish(refused.source);
    }
    this.#emit("trouble", message || `The gateway refused: ${reason.toLowerCase().replaceAll("_", " ")}.`);
  }

  #onLeave({ reason, action = "DISCONNECT" }) {
    if (action === "DISCONNECT") {
      this.#end(goodbyes[reason] ?? "The gateway ended the call.");
      return undefined;
    }
    return this.#reconnect({ anew: action === "RECONNECT" });
  }

  #publicationOf(sid) {
    return [...this.publications.values()].find((publication) => publication.sid === sid);
  }

  // Publishing

  /** @param {Capture[]} captures see media.js */
  async publish(...captures) {
    for (const capture of captures) {
      const publication = new Publication(this.#connection, (message) => this.#send(message), capture);
      this.publications.set(capture.source, publication);
      publication.announce();
    }
    await this.#connection.offer();
    this.#emit("change");
  }

  async unpublish(source) {
    const publication = this.publications.get(source);
    if (publication) {
      this.publications.delete(source);
      await publication.end();
      this.#emit("change");
    }
  }

  // Receiving

  remoteTrack(sid) {
    return this.#connection?.remoteTracks.get(sid);
  }

  statistics() {
    return this.#connection?.statistics() ?? Promise.resolve(new Map());
  }

  /** Tells the gateway in which size a video is shown; none at all when it is out of sight. */
  showTrack(sid, { width, height }) {
    const wanted = width > 0 && height > 0 ? { width, height } : { disabled: true };
    const settings = { trackSetting: { trackSids: [sid], ...wanted } };
    if (JSON.stringify(this.#settings.get(sid)) !== JSON.stringify(settings)) {
      this.#settings.set(sid, settings);
      this.#send(settings);
    }
  }

  // Losing the connection and coming back

  async #reconnect({ anew = false } = {}) {
    this.#mustJoinAnew ||= anew;
    if (this.#isEnded || this.#isReconnecting) {
      return;
    }
    this.#isReconnecting = true;
    this.#emit("reconnecting");
    for (let attempt = 0; this.#isReconnecting; attempt++) {
      this.#signaling?.close();
      const delay = retryDelays[Math.min(attempt, retryDelays.length - 1)];
      await pause(delay * (0.75 + Math.random() / 2)); // so that a room full of people does not come back at one moment
      if (!this.#isEnded) {
        await this.#tryToReconnect();
      }
    }
  }

  async #tryToReconnect() {
    try {
      if (this.#mustJoinAnew) {
        await this.#join();
        this.#mustJoinAnew = false;
      } else {
        await this.#resume();
      }
      // A path that does not come back under the old participant may under a new one.
      await this.#connection.connected(connectTimeout).catch(() => { this.#mustJoinAnew = true; });
      if (this.#signaling.isOpen && !this.#mustJoinAnew) {
        this.#isReconnecting = false;
        this.#emit("reconnected");
      }
    } catch (error) {
      if (error instanceof Refused) {
        this.#end(error.message);
      }
      console.info(error.message);
    }
  }

  async #resume() {
    const { signaling, first } = await this.#open({ resume: this.room.self.sid });
    this.#signaling = signaling;
    if (first.leave) {
      this.#onLeave(first.leave);
      throw new Error("The gateway no longer knows us.");
    }
    this.room.expectEverybody();
    this.#send({ syncState: this.#syncState() });
    await this.#connection.offer({ iceRestart: true });
    for (const publication of this.publications.values()) {
      publication.announceAgain();
    }
    for (const [sid, settings] of this.#settings) {
      if (this.remoteTrack(sid)) {
        this.#send(settings);
      }
    }
  }

  #syncState() {
    const tracks = this.room.self.info.tracks ?? [];
    const published = [...this.publications.values()].filter(({ sid }) => sid);
    return {
      ...this.#connection.descriptions(),
      publishTracks: published.map(({ cid, sid }) => ({ cid, track: tracks.find((track) => track.sid === sid) ?? { sid } })),
      subscription: { subscribe: false }, // tracks left out: none
    };
  }

  /** Leaves the room for good. */
  leave() {
    this.#send({ leave: { reason: "CLIENT_INITIATED" } });
    this.#end("You left.");
  }

  #end(text) {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#isReconnecting = false;
    this.#signaling?.close();
    this.#connection?.close();
    for (const { track } of this.publications.values()) {
      track.stop();
    }
    this.#emit("ended", text);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

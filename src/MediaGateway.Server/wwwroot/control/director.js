// What is known of a live stream and of the rooms its sources are in, and what a director does with it. Everything that is
// known comes from the gateway's events.

import { titleOf } from "./source-tile.js";

const maxIdLength = 64;

/** A stream whose sources have what their director said of them and what is known of them in one object. */
const flat = ({ sources = [], ...stream }) => ({ ...stream, sources: sources.map(({ spec, status }) => ({ ...spec, ...status })) });

/** Events: `change`, `state` (detail: {isConnected, error}), `event` (detail: text), `stats` (detail: a LiveStreamStats), `lines`, `trouble` (detail: an Error). */
export class Director extends EventTarget {
  /** As the gateway tells it; null before it has. */
  stream = null;
  /** Rooms by name, each a Map of participants by identity. @type {Map<string, Map<string, object>>} */
  rooms = new Map();

  #api;
  #name;
  #room;
  #watch = null;
  #watchedRooms = "";
  /** What has come of a snapshot so far. */
  #snapshot = { rooms: new Map(), stream: null };
  #resumeToken = "";
  /** Lines of the members of the rooms, by room/identity, and those of the report that is coming in. @type {Map<string, object>} */
  #lines = new Map();
  #nextLines = new Map();
  #ended = new AbortController();

  /**
   * @param {Api} api
   * @param {string} name the live stream's
   * @param {string} room whose members become sources as they come; empty for none
   */
  constructor(api, name, room) {
    super();
    this.#api = api;
    this.#name = name;
    this.#room = room;
  }

  get name() {
    return this.#name;
  }

  async open() {
    await this.#api.call("LiveStreamService/CreateLiveStream", { name: this.#name });
    this.#watchEvents();
  }

  close() {
    this.#ended.abort();
  }

  // What is known

  sourceAt(index) {
    return this.stream?.sources?.[index];
  }

  /** The member of a room behind a source, if there is one. */
  memberOf({ participant }) {
    return participant && this.rooms.get(participant.room)?.get(participant.identity);
  }

  /** What the line to the member of a room behind a source carries, as the gateway tells it. */
  lineOf({ participant }) {
    return participant && this.#lines.get(`${participant.room}/${participant.identity}`);
  }

  microphoneOf(member) {
    return (member.tracks ?? []).find(({ source }) => source === "TRACK_SOURCE_MICROPHONE");
  }

  /** The rooms that sources come from: what happens there is told too. A new one begins a new watch. */
  #watchEvents() {
    const rooms = [...new Set([this.#room, ...(this.stream?.sources ?? []).map(({ participant }) => participant?.room)].filter(Boolean))].sort();
    if (this.#watch && JSON.stringify(rooms) === this.#watchedRooms) {
      return;
    }
    this.#watchedRooms = JSON.stringify(rooms);
    this.#watch?.abort();
    const watch = new AbortController();
    this.#watch = watch;
    this.#resumeToken = "";
    this.#ended.signal.addEventListener("abort", () => watch.abort());
    const requestOf = () => ({ liveStreams: [this.#name], rooms, resumeToken: this.#resumeToken });
    this.#watchStats(rooms, watch.signal);
    this.#keep(this.#api.follow("EventService/Watch", requestOf, (message) => this.#onMessage(message), (isConnected, error) => this.#emit("state", { isConnected, error }), watch.signal));
  }

  #watchStats(rooms, signal) {
    const requestOf = () => ({ interval: "1s", liveStreams: [this.#name], rooms, linesOnly: true });
    this.#keep(this.#api.follow("StatsService/WatchStats", requestOf, (report) => this.#onReport(report), () => {}, signal));
  }

  /** A report comes in parts; whose line is not in any of them has left. */
  #onReport({ liveStreams = [], rooms = [], last = false }) {
    if (liveStreams[0]) {
      this.#emit("stats", liveStreams[0]);
    }
    for (const { name, lines = [] } of rooms) {
      for (const line of lines) {
        this.#nextLines.set(`${name}/${line.identity}`, line);
      }
    }
    if (last) {
      this.#lines = this.#nextLines;
      this.#nextLines = new Map();
      this.#emit("lines");
    }
  }

  #onMessage(message) {
    // Within a snapshot there is none: whoever is cut off there begins anew.
    this.#resumeToken = message.resumeToken ?? "";
    if (message.snapshotPart) {
      this.#onSnapshotPart(message.snapshotPart);
    } else if (message.liveStreamUpserted) {
      this.#onStream(flat(message.liveStreamUpserted));
    } else if (message.liveStreamRemoved) {
      this.#tell("The stream was deleted");
      this.stream = null;
    } else if (message.participantUpserted) {
      this.#onParticipant(message.participantUpserted);
    } else if (message.participantRemoved) {
      const { room, identity, reason = "" } = message.participantRemoved;
      this.rooms.get(room)?.delete(identity);
      this.#tell(`${identity} left ${room} (${reason.replace("DISCONNECT_REASON_", "").replaceAll("_", " ").toLowerCase()})`);
    } else if (message.roomRemoved) {
      this.rooms.delete(message.roomRemoved.name);
      this.#tell(`The room ${message.roomRemoved.name} was closed`);
    } else if (message.missed) {
      this.#tell("Some events were missed");
    }
    this.#emit("change");
  }

  /** What there is comes in parts; what was known before holds until the last of them. */
  #onSnapshotPart({ first = false, last = false, rooms = [], participants = [], liveStreams = [] }) {
    if (first) {
      this.#snapshot = { rooms: new Map(), stream: null };
    }
    for (const { name } of rooms) {
      this.#snapshot.rooms.set(name, new Map());
    }
    for (const { room, participant } of participants) {
      this.#snapshot.rooms.get(room)?.set(participant.identity, participant);
    }
    this.#snapshot.stream ??= liveStreams.map(flat)[0] ?? null;
    if (last) {
      this.#onSnapshot();
    }
  }

  #onSnapshot() {
    ({ rooms: this.rooms, stream: this.stream } = this.#snapshot);
    for (const participant of this.rooms.get(this.#room)?.values() ?? []) {
      this.#addMember(participant);
    }
    this.#watchEvents();
  }

  #onStream(stream) {
    const before = this.stream;
    this.stream = stream;
    const title = (id) => titleOf((stream.sources ?? []).find((source) => source.id === id) ?? { id });
    if (stream.program !== before?.program) {
      this.#tell(stream.program ? `${title(stream.program)} is on air` : "Nothing is on air");
    }
    for (const source of stream.sources ?? []) {
      const known = (before?.sources ?? []).find(({ id }) => id === source.id);
      if (before && Boolean(source.live) !== Boolean(known?.live)) {
        this.#tell(`${titleOf(source)} ${source.live ? "sends" : "has gone silent"}`);
      }
    }
    this.#watchEvents();
  }

  #onParticipant({ room, participant }) {
    if (!this.rooms.has(room)) {
      this.rooms.set(room, new Map());
    }
    const members = this.rooms.get(room);
    const before = members.get(participant.identity);
    members.set(participant.identity, participant);
    const name = participant.name || participant.identity;
    if (!before) {
      this.#tell(`${name} joined ${room}`);
    }
    const wasMuted = before && this.microphoneOf(before)?.muted;
    const isMuted = this.microphoneOf(participant)?.muted;
    if (before && Boolean(wasMuted) !== Boolean(isMuted)) {
      this.#tell(`${name} is ${isMuted ? "muted" : "no longer muted"}`);
    }
    if (room === this.#room) {
      this.#addMember(participant);
    }
  }

  /** Members of the room that is directed are sources from their first camera picture on. */
  #addMember({ identity, name, tracks = [] }) {
    const isThere = (this.stream?.sources ?? []).some(({ participant }) => participant?.room === this.#room && participant.identity === identity);
    if (this.stream && !isThere && tracks.some(({ source }) => source === "TRACK_SOURCE_CAMERA")) {
      void this.addSource({ id: this.#freeId(identity), name, participant: { room: this.#room, identity } }).catch((error) => {
        if (error.code !== "already_exists") { // another director's page was faster
          this.#emit("trouble", error);
        }
      });
    }
  }

  #freeId(wanted) {
    const id = wanted.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, maxIdLength - 4) || "source";
    const taken = new Set((this.stream?.sources ?? []).map((source) => source.id));
    return taken.has(id) ? [...Array(taken.size + 1).keys()].map((index) => `${id}-${index + 2}`).find((candidate) => !taken.has(candidate)) : id;
  }

  // What a director does

  addSource(source) {
    return this.#command("AddSource", { source: { ...source, id: source.id || this.#freeId(source.name || "source") } });
  }

  removeSource(source) {
    return this.#command("RemoveSource", { source });
  }

  setPreview(source) {
    return this.#command("SetPreview", { source });
  }

  /** Somebody else may have cut meanwhile: then nothing happens, and the page shows what is on air. */
  cut() {
    return this.#command("Cut", { expectedProgram: this.stream?.program });
  }

  take(source) {
    return this.#command("SetProgram", { source });
  }

  /** @param {string} source empty to follow the picture */
  setAudio(source) {
    return this.#command("SetAudio", { source });
  }

  async toggleMute(source) {
    const member = this.memberOf(source);
    const microphone = member && this.microphoneOf(member);
    if (!microphone) {
      throw new Error("There is no microphone to mute.");
    }
    const { room, identity } = source.participant;
    await this.#api.call("ParticipantService/MuteTrack", { room, identity, trackSid: microphone.sid, muted: !microphone.muted });
  }

  expel({ participant: { room, identity } }) {
    return this.#api.call("ParticipantService/RemoveParticipant", { room, identity });
  }

  move({ participant: { room, identity } }, destinationRoom) {
    return this.#api.call("ParticipantService/MoveParticipant", { room, identity, destinationRoom });
  }

  /** What it changes is told by an event, in its order among the others. */
  #command(name, request) {
    return this.#api.call(`LiveStreamService/${name}`, { liveStream: this.#name, ...request });
  }

  #keep(following) {
    following.catch((error) => this.#emit("trouble", error));
  }

  #tell(text) {
    this.#emit("event", text);
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

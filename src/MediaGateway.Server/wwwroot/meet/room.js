// Who is in the room and what they publish, as the gateway tells it. No DOM, no WebRTC.

/** A participant as the page sees it: what the gateway says, and what changes too often to be part of that. */
export class Participant {
  speaking = false;
  level = 0;
  /** @type {"LOST"|"POOR"|"GOOD"|"EXCELLENT"|null} */
  quality = null;
  /** What their line keeps from them; what it carries is told of one's own only. @type {?{estimatedBitsPerSecond: string, limitedVideos: number, pausedVideos: number}} */
  line = null;

  constructor(info) {
    this.info = info;
  }

  get sid() {
    return this.info.sid;
  }

  get name() {
    return this.info.name || this.info.identity || "Somebody";
  }

  get canPublish() {
    return this.info.permission ? this.info.permission.canPublish === true : true;
  }

  track(...sources) {
    return this.info.tracks?.find((track) => sources.includes(track.source ?? "UNKNOWN"));
  }

  get camera() {
    return this.track("CAMERA") ?? this.info.tracks?.find((track) => track.type === "VIDEO" && !track.source);
  }

  get screen() {
    return this.track("SCREEN_SHARE");
  }

  get microphone() {
    return this.track("MICROPHONE") ?? this.info.tracks?.find((track) => !track.type && !track.source);
  }
}

/** Protobuf's JSON leaves out what is 0 or false, and the first name of an enumeration is 0. */
export class Room {
  name = "";
  /** @type {Participant} */
  self;
  /** The others, by sid. @type {Map<string, Participant>} */
  others = new Map();
  /** Sids of tracks that are not sent, for want of bandwidth or of the gateway's time. @type {Set<string>} */
  pausedTracks = new Set();

  #isEverybodyDue = false;

  onJoin({ room, participant, otherParticipants = [] }) {
    this.name = room?.name ?? "";
    this.self = new Participant(participant);
    this.pausedTracks.clear();
    this.others = new Map(otherParticipants.map((info) => [info.sid, new Participant(info)]));
  }

  /** After a resume the next update is of all who are there: who is not in it has left meanwhile. */
  expectEverybody() {
    this.#isEverybodyDue = true;
  }

  /** @returns {{joined: Participant[], left: Participant[]}} */
  onUpdate(infos = []) {
    const joined = [];
    const left = this.#isEverybodyDue ? [...this.others.values()].filter(({ sid }) => !infos.some((info) => info.sid === sid)) : [];
    this.#isEverybodyDue = false;
    left.forEach(({ sid }) => this.others.delete(sid));
    for (const info of infos) {
      const known = info.sid === this.self.sid ? this.self : this.others.get(info.sid);
      if (info.state === "DISCONNECTED") {
        if (known && known !== this.self) {
          this.others.delete(info.sid);
          left.push(known);
        }
      } else if (!known) {
        const participant = new Participant(info);
        this.others.set(info.sid, participant);
        joined.push(participant);
      } else if ((info.version ?? 0) >= (known.info.version ?? 0)) {
        known.info = info;
      }
    }
    return { joined, left };
  }

  /** Only changes are told; who stopped speaking is told once. */
  onSpeakers(speakers = []) {
    for (const { sid, level = 0, active = false } of speakers) {
      const participant = this.find(sid);
      if (participant) {
        participant.speaking = active;
        participant.level = level;
      }
    }
  }

  onQuality(updates = []) {
    for (const { participantSid, quality = "POOR", line = null } of updates) {
      const participant = this.find(participantSid);
      if (participant) {
        participant.quality = quality;
        participant.line = line;
      }
    }
  }

  onStreamStates(states = []) {
    for (const { trackSid, state = "ACTIVE" } of states) {
      if (state === "PAUSED") {
        this.pausedTracks.add(trackSid);
      } else {
        this.pausedTracks.delete(trackSid);
      }
    }
  }

  find(sid) {
    return sid === this.self?.sid ? this.self : this.others.get(sid);
  }

  /** Oneself first. @returns {Participant[]} */
  get everybody() {
    return [this.self, ...this.others.values()];
  }
}

// One meeting on the page: what the meeting tells goes to the view, what the user does goes to the meeting.

import { carriesText, shortageText } from "../line.js";
import { Channel } from "./channel.js";
import { Chat } from "./chat.js";
import { Figures } from "./figures.js";
import { Files } from "./files.js";
import { openCamera, openMicrophone, openScreen } from "./media.js";
import { Meeting } from "./meeting.js";
import { countUnread, element, grid, panel, setState, showPanel, showToggle, showTrouble, sound, toasts } from "./view.js";

/** A meeting with all that the page hangs on it. */
export class Call {
  meeting = new Meeting();
  hasEnded = false;
  #channels = { chat: new Channel("chat"), files: new Channel("files") };
  #chat = new Chat(this.#channels.chat);
  #files = new Files(this.#channels.files);
  #figures = new Figures();
  #isMeasuring = false;
  #height;
  #lastToggle = Promise.resolve();
  #timer = setInterval(() => void this.#measure(), 1000);

  constructor() {
    const on = (name, handle) => this.meeting.addEventListener(name, ({ detail }) => handle(detail));
    on("change", () => this.show());
    on("speakers", () => this.#showSpeakers());
    on("joined", ({ name }) => toasts.show(`${name} joined`));
    on("left", ({ name }) => toasts.show(`${name} left`));
    on("unmute", (source) => void (source === "CAMERA" ? this.toggleCamera() : this.toggleMicrophone()).catch(showTrouble));
    on("asked", (text) => toasts.show(text));
    on("trouble", (text) => toasts.show(text, "trouble"));
    on("reconnecting", () => setState("reconnecting"));
    on("reconnected", () => setState("joined"));
    on("channels", (open) => Object.values(this.#channels).forEach((channel) => channel.open(open)));
    on("ended", (text) => this.#end(text));
    this.#chat.addEventListener("message", ({ detail }) => this.#addMessage(detail));
    this.#files.addEventListener("transfer", ({ detail }) => this.#addTransfer(detail));
  }

  /**
   * @param {string} token
   * @param {{withMicrophone: boolean, withCamera: boolean, height: number}} choices height: of the camera's picture at most
   */
  async join(token, { withMicrophone, withCamera, height }) {
    this.#height = height;
    const captures = [];
    try {
      if (withMicrophone) {
        captures.push(await openOrNot(openMicrophone));
      }
      if (withCamera) {
        captures.push(await openOrNot(() => openCamera(this.#height)));
      }
      await this.meeting.join(token, captures.filter(Boolean));
    } catch (error) {
      captures.forEach((capture) => capture?.track.stop());
      this.meeting.leave();
      throw error;
    }
    this.#files.by = this.meeting.room.self.info.identity;
  }

  // What is seen and heard

  show() {
    const { room, publications } = this.meeting;
    element("room-name").textContent = room.name;
    document.title = `${room.name} – Meet`;
    const count = room.everybody.length;
    element("head-count").textContent = count === 1 ? "only you" : `${count} people`;
    grid.show([
      ...room.everybody.filter(({ screen }) => screen).map((participant) => this.#tileOf(participant, "screen")),
      ...room.everybody.map((participant) => this.#tileOf(participant, "camera")),
    ]);
    sound.play(this.#audioTracks());
    showToggle("microphone", isOn(publications.get("MICROPHONE")), "Mute the microphone (m)", "Unmute the microphone (m)");
    showToggle("camera", isOn(publications.get("CAMERA")), "Switch the camera off (v)", "Switch the camera on (v)");
    showToggle("screen", publications.has("SCREEN_SHARE"), "Stop sharing the screen", "Share the screen");
    for (const id of ["microphone", "camera", "screen"]) {
      element(id).disabled = !room.self.canPublish;
    }
  }

  #tileOf(participant, kind) {
    const isSelf = participant === this.meeting.room.self;
    const track = kind === "screen" ? participant.screen : participant.camera;
    const own = this.meeting.publications.get(kind === "screen" ? "SCREEN_SHARE" : "CAMERA");
    const shown = isSelf ? isOn(own) && own.track : track && !track.muted && this.meeting.remoteTrack(track.sid);
    const view = {
      track: shown || null,
      sid: isSelf || !shown ? null : track.sid,
      isSelf,
      pausedBy: !isSelf && this.meeting.room.pausedTracks.has(track?.sid) ? this.#pauseText() : null,
      isMuted: !(isSelf ? isOn(this.meeting.publications.get("MICROPHONE")) : isHeard(participant)),
    };
    return { key: `${participant.sid} ${kind}`, kind, participant, view };
  }

  /** Nobody is told why a picture is paused, but everybody what their line keeps from them. */
  #pauseText() {
    return this.meeting.room.self.line?.pausedVideos > 0 ? "Your line does not carry this picture" : "The gateway is too busy to send this picture";
  }

  #audioTracks() {
    const sids = [...this.meeting.room.others.values()]
      .flatMap(({ info }) => info.tracks ?? [])
      .filter(({ type }) => type !== "VIDEO") // AUDIO is 0, so it is left out
      .map(({ sid }) => sid);
    return new Map(sids.map((sid) => [sid, this.meeting.remoteTrack(sid)]).filter(([, track]) => track));
  }

  #showSpeakers() {
    for (const [key, tile] of grid.tiles) {
      const participant = this.meeting.room.find(key.split(" ")[0]);
      if (participant) {
        tile.showSpeaking(participant);
      }
    }
  }

  tellSizes() {
    for (const [sid, size] of grid.sizes) {
      this.meeting.showTrack(sid, size);
    }
  }

  async #measure() {
    if (!this.#isMeasuring) {
      return;
    }
    const lines = this.#figures.lines(await this.meeting.statistics());
    for (const [key, tile] of grid.tiles) {
      const isOwn = key === `${this.meeting.room.self.sid} camera`;
      tile.showStatistics(isOwn ? this.#lineText() : lines.get(tile.sid) ?? "");
    }
  }

  #lineText() {
    const line = this.meeting.room.self.line ?? {};
    return [carriesText(line), shortageText(line)].filter(Boolean).join("; ");
  }

  toggleFigures() {
    this.#isMeasuring = !this.#isMeasuring;
    showToggle("figures", this.#isMeasuring, "Hide the figures", "Show figures of each picture");
    grid.tiles.forEach((tile) => tile.showStatistics(""));
  }

  // What is sent

  toggleMicrophone() {
    return this.#inTurn(() => this.#toggle("MICROPHONE", openMicrophone, false));
  }

  toggleCamera() {
    return this.#inTurn(() => this.#toggle("CAMERA", () => openCamera(this.#height), true));
  }

  /** Devices take their time: whoever presses twice gets the one after the other. */
  #inTurn(toggle) {
    const toggled = this.#lastToggle.then(toggle);
    this.#lastToggle = toggled.catch(() => {}); // told to whoever pressed
    return toggled;
  }

  /** The first time publishes; later ones mute and unmute what is published. */
  async #toggle(source, open, isReopened) {
    const publication = this.meeting.publications.get(source);
    if (!publication) {
      await this.meeting.publish(await open());
    } else if (publication.muted) {
      await publication.unmute(isReopened ? await open() : null);
    } else {
      await publication.mute();
    }
    this.show();
  }

  toggleScreen() {
    return this.#inTurn(() => this.#toggleScreen());
  }

  async #toggleScreen() {
    if (this.meeting.publications.has("SCREEN_SHARE")) {
      return this.#stopScreen();
    }
    const captures = await openScreen();
    captures[0].track.addEventListener("ended", () => void this.#stopScreen()); // by the browser's own button
    return this.meeting.publish(...captures);
  }

  async #stopScreen() {
    await this.meeting.unpublish("SCREEN_SHARE");
    await this.meeting.unpublish("SCREEN_SHARE_AUDIO");
  }

  // Chat and files

  say(text) {
    const from = this.meeting.room.self.name;
    this.#chat.send(from, text);
    panel.addMessage({ from, text });
  }

  #addMessage(message) {
    panel.addMessage(message);
    countUnread();
  }

  sendFile(file) {
    const { self, others } = this.meeting.room;
    return this.#files.send(file, { from: self.name, receivers: [...others.values()].map(({ info }) => info.identity) });
  }

  #addTransfer(transfer) {
    panel.addTransfer(transfer);
    if (!transfer.isOutgoing) {
      countUnread();
    }
  }

  #end(text) {
    this.hasEnded = true;
    clearInterval(this.#timer);
    grid.show([]);
    sound.play(new Map());
    panel.clear();
    showPanel(false);
    setState("idle", text);
  }
}

const isOn = (publication) => Boolean(publication && !publication.muted);
const isHeard = ({ microphone }) => Boolean(microphone && !microphone.muted);

/** A missing or refused device keeps nobody out of the room. */
async function openOrNot(open) {
  try {
    return await open();
  } catch (error) {
    showTrouble(error);
    return null;
  }
}

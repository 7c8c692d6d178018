// One picture in the grid: somebody's camera, or initials while it is off, or a screen.

import { rateText, shortageText } from "../line.js";

const bars = { LOST: 0, POOR: 1, GOOD: 2, EXCELLENT: 3 };
const qualityNames = { LOST: "connection lost", POOR: "poor connection", GOOD: "good connection", EXCELLENT: "excellent connection" };

export class Tile {
  /** The sid of the track that is shown. @type {?string} */
  sid = null;
  size = { width: 0, height: 0 };
  isInView = true;

  #track = null;

  /** @param {"camera"|"screen"} kind */
  constructor(kind) {
    const template = document.getElementById("tile-template");
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.kind = kind;
    this.kind = kind;
  }

  get #video() {
    return this.element.querySelector("video");
  }

  /**
   * @param {Participant} participant see room.js
   * @param {object} view
   * @param {?MediaStreamTrack} view.track
   * @param {?string} view.sid
   * @param {boolean} view.isSelf
   * @param {?string} view.pausedBy why the gateway does not send the picture; null when it does
   * @param {boolean} view.isMuted whether nothing is heard from them
   */
  show(participant, { track, sid, isSelf, pausedBy, isMuted }) {
    const { element } = this;
    const name = isSelf ? `${participant.name} (you)` : participant.name;
    const label = this.kind === "screen" ? `${name}: screen` : name;
    this.sid = sid;
    element.dataset.identity = participant.info.identity;
    element.setAttribute("aria-label", label);
    element.classList.toggle("self", isSelf);
    element.classList.toggle("paused", pausedBy !== null);
    element.querySelector(".paused-mark").hidden = pausedBy === null;
    element.querySelector(".paused-mark").title = pausedBy ?? "";
    element.classList.toggle("muted", isMuted && this.kind === "camera");
    element.querySelector(".name").textContent = label;
    this.#showInitials(participant);
    this.#showQuality(participant.quality);
    this.#showLine(participant, isSelf);
    this.#showTrack(track);
  }

  #showInitials({ name, info }) {
    const initials = this.element.querySelector(".initials");
    const words = name.trim().split(/\s+/);
    const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
    initials.textContent = ends.map((word) => [...word][0] ?? "").join("").toUpperCase();
    initials.style.setProperty("--hue", hueOf(info.identity ?? name));
  }

  #showQuality(quality) {
    const meter = this.element.querySelector(".quality");
    meter.hidden = quality === null;
    meter.dataset.bars = bars[quality] ?? 0;
    meter.setAttribute("aria-label", qualityNames[quality] ?? "");
    meter.title = qualityNames[quality] ?? "";
  }

  /** A line that carries everything is not worth a word. */
  #showLine({ name, line }, isSelf) {
    const mark = this.element.querySelector(".line-mark");
    const shortage = shortageText(line ?? {});
    mark.hidden = shortage === "" || this.kind === "screen";
    if (isSelf) {
      mark.textContent = Number(line?.estimatedBitsPerSecond ?? 0) > 0 ? `line ${rateText(line.estimatedBitsPerSecond)}` : "thin line";
      mark.title = `Your line does not carry all pictures: ${shortage}.`;
    } else {
      mark.textContent = "thin line";
      mark.title = `The line to ${name} does not carry all pictures: ${shortage}.`;
    }
  }

  #showTrack(track) {
    this.element.classList.toggle("has-video", Boolean(track));
    if (track !== this.#track) {
      this.#track = track;
      this.#video.srcObject = track ? new MediaStream([track]) : null;
      if (track) {
        this.#video.play().catch(() => {}); // a newer source has replaced it
      }
    }
  }

  showSpeaking(participant) {
    this.element.classList.toggle("speaking", participant.speaking && this.kind === "camera");
  }

  /** @param {string} text one line of figures; empty for none */
  showStatistics(text) {
    this.element.querySelector(".statistics").textContent = text;
  }
}

/** The same colour for the same person everywhere. */
function hueOf(text) {
  let hash = 0;
  for (const character of text) {
    hash = (hash * 31 + character.codePointAt(0)) % 360;
  }
  return hash;
}

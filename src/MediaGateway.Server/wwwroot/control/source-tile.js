// One source of the live stream in the multiview: its picture, name, number, level, numbers, the line to who is behind it, and buttons.

import { lineText } from "../line.js";
import { Monitor } from "./monitor.js";

const slates = { SLATE_PATTERN_BARS: "colour bars", SLATE_PATTERN_BLACK: "black" };

/** Where a source comes from, for people to read. */
export function originOf({ participant, publisher, slate }) {
  if (participant) {
    return `${participant.room} / ${participant.identity}`;
  }
  if (slate) {
    return slates[slate.pattern] ?? "slate";
  }
  return publisher?.stream ? new URL(`../whip/${publisher.stream}`, location.href).pathname : "its own publisher";
}

export function titleOf(source) {
  return source.name || source.participant?.identity || source.id;
}

/** Events: `preview`, `take`, `sound`, `mute`, `move`, `expel` and `remove`. */
export class SourceTile extends EventTarget {
  source;

  #monitor;

  constructor(stream, source, token) {
    super();
    this.source = source;
    this.element = document.getElementById("source-template").content.firstElementChild.cloneNode(true);
    this.element.dataset.source = source.id;
    this.#find(".picture").addEventListener("click", ({ detail }) => {
      this.#emit("preview");
      if (detail > 0) {
        this.#find(".picture").blur(); // clicked, not typed: the next space is for the cut
      }
    });
    this.#find(".picture").addEventListener("dblclick", () => this.#emit("take"));
    for (const name of ["sound", "mute", "move", "expel", "remove"]) {
      this.#find(`.${name}`).addEventListener("click", () => this.#emit(name));
    }
    const path = `whep/${encodeURIComponent(stream)}?source=${encodeURIComponent(source.id)}&quality=low`;
    this.#monitor = new Monitor(this.video, path, token);
    this.#monitor.addEventListener("measured", ({ detail }) => this.#showMeasures(detail));
  }

  get video() {
    return this.#find("video");
  }

  /**
   * @param {object} source as the gateway tells it
   * @param {number} number its key; 0 for none
   * @param {{program: boolean, preview: boolean, pending: boolean, sound: boolean}} role
   * @param {?{isMuted: boolean}} member who is behind it, when that is a member of a room
   */
  show(source, number, role, member) {
    this.source = source;
    for (const [name, is] of Object.entries(role)) {
      this.element.classList.toggle(name, is);
    }
    this.element.classList.toggle("live", Boolean(source.live));
    this.element.classList.toggle("muted", Boolean(member?.isMuted));
    this.#find(".number").textContent = number || "";
    this.#find(".title").textContent = titleOf(source);
    this.#find(".origin").textContent = originOf(source);
    this.#find(".picture").setAttribute("aria-label", `Preview ${titleOf(source)}`);
    this.#find(".state").textContent = role.program ? "on air" : role.pending ? "going on air" : role.preview ? "preview" : source.live ? "" : "no signal";
    this.#find(".sound").setAttribute("aria-pressed", role.sound);
    for (const name of ["mute", "move", "expel"]) {
      this.#find(`.${name}`).hidden = !member;
    }
    this.#find(".mute").setAttribute("aria-pressed", Boolean(member?.isMuted));
    this.#find(".remove").hidden = source.id === "publisher";
  }

  /** @param {?object} line of the member of a room behind it, as the gateway tells it; null when there is none */
  showLine(line) {
    const text = line ? lineText(line) : "";
    const element = this.#find(".line");
    element.hidden = text === "";
    element.textContent = text && `their ${text}`;
    element.title = element.textContent;
    element.classList.toggle("limited", line?.limitedVideos > 0);
  }

  #showMeasures({ kilobits, loss, level, height }) {
    this.#find(".level").value = level;
    const size = height > 0 ? `${height}p, ` : "";
    this.#find(".measures").textContent = kilobits > 1 ? `${size}${Math.round(kilobits)} kb/s, ${loss.toFixed(1)} % lost` : "";
  }

  close() {
    this.element.remove();
    return this.#monitor.close();
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  #emit(name) {
    this.dispatchEvent(new Event(name));
  }
}

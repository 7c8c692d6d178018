// Lays the tiles out: as large as all of them can be, or, when a screen is shared, the screen large and the people small.

import { Tile } from "./tile.js";

const aspectRatio = 16 / 9;
const gap = 8;
const resizeDelay = 300;

/** Events: `sizes` when videos are shown in other sizes than before. */
export class Grid extends EventTarget {
  /** By participant's sid and kind. @type {Map<string, Tile>} */
  tiles = new Map();

  #container;
  #resized = new ResizeObserver((entries) => this.#onResize(entries));
  #seen;
  #timer;

  constructor(container) {
    super();
    this.#container = container;
    this.#seen = new IntersectionObserver((entries) => this.#onSeen(entries), { root: container.parentElement, threshold: 0 });
    new ResizeObserver(() => this.#layOut()).observe(container.parentElement);
    document.addEventListener("visibilitychange", () => this.#tellSizes());
  }

  /**
   * @param {{key: string, kind: string, participant: Participant, view: object}[]} wanted what to show, in order
   */
  show(wanted) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, tile] of this.tiles) {
      if (!keys.has(key)) {
        this.#remove(key, tile);
      }
    }
    wanted.forEach(({ key, kind, participant, view }, index) => {
      const tile = this.tiles.get(key) ?? this.#add(key, kind);
      tile.show(participant, view);
      tile.showSpeaking(participant);
      if (this.#container.children[index] !== tile.element) {
        this.#container.insertBefore(tile.element, this.#container.children[index] ?? null);
      }
    });
    this.#container.classList.toggle("spotlight", wanted.some(({ kind }) => kind === "screen"));
    this.#layOut();
    this.#tellSizes();
  }

  #add(key, kind) {
    const tile = new Tile(kind);
    this.tiles.set(key, tile);
    this.#resized.observe(tile.element);
    this.#seen.observe(tile.element);
    return tile;
  }

  #remove(key, tile) {
    this.#resized.unobserve(tile.element);
    this.#seen.unobserve(tile.element);
    tile.element.remove();
    this.tiles.delete(key);
  }

  /** The number of columns that makes the tiles largest. */
  #layOut() {
    const { clientWidth: width, clientHeight: height } = this.#container.parentElement;
    const count = this.tiles.size;
    let best = { columns: 1, tile: 0 };
    for (let columns = 1; columns <= count; columns++) {
      const rows = Math.ceil(count / columns);
      const byWidth = (width - gap * (columns + 1)) / columns;
      const byHeight = ((height - gap * (rows + 1)) / rows) * aspectRatio;
      const tile = Math.floor(Math.min(byWidth, byHeight));
      if (tile > best.tile) {
        best = { columns, tile };
      }
    }
    this.#container.style.setProperty("--columns", best.columns);
    this.#container.style.setProperty("--tile", `${best.tile}px`);
  }

  #onResize(entries) {
    for (const { target, contentRect } of entries) {
      const tile = this.#tileOf(target);
      if (tile) {
        tile.size = { width: contentRect.width, height: contentRect.height };
      }
    }
    this.#tellSizes();
  }

  #onSeen(entries) {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tileOf(target);
      if (tile) {
        tile.isInView = isIntersecting;
      }
    }
    this.#tellSizes();
  }

  #tileOf(element) {
    return [...this.tiles.values()].find((tile) => tile.element === element);
  }

  /** While a window is being dragged larger, only its last size matters. */
  #tellSizes() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dispatchEvent(new Event("sizes")), resizeDelay);
  }

  /** @returns {[string, {width: number, height: number}][]} the tracks shown and their sizes in pixels; 0 when out of sight */
  get sizes() {
    return [...this.tiles.values()]
      .filter(({ sid }) => sid)
      .map((tile) => {
        const scale = tile.isInView && !document.hidden ? devicePixelRatio : 0;
        return [tile.sid, { width: Math.round(tile.size.width * scale), height: Math.round(tile.size.height * scale) }];
      });
  }
}

// The control room on the page: the two large pictures, the multiview, the charts and the log of one live stream.

import { Chart } from "../chart.js";
import { rateText } from "../line.js";
import { Monitor } from "./monitor.js";
import { SourceTile, titleOf } from "./source-tile.js";

const maxEvents = 100;

/** Why viewers are not sent more, for people to read. */
const limitCauses = {
  LIMIT_CAUSE_WISH: "asked for no more",
  LIMIT_CAUSE_DIRECTOR: "limited by a director",
  LIMIT_CAUSE_OVERLOAD: "because the gateway has too much to do",
  LIMIT_CAUSE_BANDWIDTH: "because the line carries no more",
};
const layerName = (layer) => (layer < 0 ? "no picture" : `layer ${layer + 1}`);
const element = (id) => document.getElementById(id);

export class Console {
  #director;
  #token;
  #onTrouble;
  /** @type {Map<string, SourceTile>} */
  #tiles = new Map();
  #program;
  #charts = {
    viewers: new Chart(element("viewers-chart"), 4),
    rate: new Chart(element("rate-chart"), 500),
    loss: new Chart(element("loss-chart"), 2),
    lowest: new Chart(element("lowest-chart"), 500),
  };
  #sent = null;

  /** @param {(error: Error) => void} onTrouble */
  constructor(director, token, onTrouble) {
    this.#director = director;
    this.#token = token;
    this.#onTrouble = onTrouble;
    const on = (name, handle) => director.addEventListener(name, ({ detail }) => handle(detail));
    on("change", () => this.#show());
    on("event", (text) => this.#addEvent(text));
    on("stats", (stats) => this.#addStats(stats));
    on("lines", () => this.#showLines());
    on("state", ({ isConnected, error }) => this.#showState(isConnected, error));
    on("trouble", onTrouble);
    element("stream-name").textContent = director.name;
    document.title = `${director.name} – Control`;
    this.#program = new Monitor(element("program-video"), `whep/${encodeURIComponent(director.name)}`, token);
  }

  async close() {
    this.#director.close();
    await Promise.all([this.#program.close(), ...[...this.#tiles.values()].map((tile) => tile.close())]);
    this.#tiles.clear();
    element("events").replaceChildren();
    Object.values(this.#charts).forEach((chart) => chart.clear());
  }

  /** Runs what a button or key asks for; what goes wrong is shown, not lost. */
  async attempt(action) {
    try {
      await action(this.#director);
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  cut() {
    return this.attempt((director) => director.cut());
  }

  /** The source with this number, from 1, is previewed or taken on air. */
  choose(number, isTaken) {
    const source = this.#director.sourceAt(number - 1);
    return source && this.attempt((director) => (isTaken ? director.take(source.id) : director.setPreview(source.id)));
  }

  #show() {
    const { stream } = this.#director;
    const { sources = [], program = "", preview = "", pending = "", audio = "", viewerCount = 0, cutCount = "0" } = stream ?? {};
    const wanted = new Set(sources.map(({ id }) => id));
    for (const [id, tile] of this.#tiles) {
      if (!wanted.has(id)) {
        void tile.close();
        this.#tiles.delete(id);
      }
    }
    sources.forEach((source, index) => {
      const tile = this.#tiles.get(source.id) ?? this.#add(source);
      const member = this.#director.memberOf(source);
      const role = { program: source.id === program, preview: source.id === preview, pending: source.id === pending, sound: source.id === audio };
      tile.show(source, index < 9 ? index + 1 : 0, role, member && { isMuted: Boolean(this.#director.microphoneOf(member)?.muted) });
      const container = element("sources");
      if (container.children[index] !== tile.element) {
        container.insertBefore(tile.element, container.children[index] ?? null);
      }
    });
    const nameOf = (id) => titleOf(sources.find((source) => source.id === id) ?? { id });
    element("program-name").textContent = program ? nameOf(program) : "nothing";
    element("preview-name").textContent = preview ? nameOf(preview) : "choose a source";
    element("cut").disabled = !preview || Boolean(pending);
    element("facts").textContent = `${viewerCount} ${viewerCount === 1 ? "viewer" : "viewers"}, ${cutCount} cuts`;
    element("buses").classList.toggle("on-air", Boolean(program));
    this.#showPreview(this.#tiles.get(preview)?.video);
  }

  /** The preview is the multiview's picture once more, larger. */
  #showPreview(video) {
    const large = element("preview-video");
    const source = video?.srcObject ?? null;
    if (large.srcObject !== source) {
      large.srcObject = source;
      if (source) {
        large.play().catch(() => {}); // another preview has been chosen meanwhile
      }
    }
  }

  #add(source) {
    const tile = new SourceTile(this.#director.name, source, this.#token);
    const on = (name, action) => tile.addEventListener(name, () => void this.attempt((director) => action(director, tile.source)));
    on("preview", (director, { id }) => director.setPreview(id));
    on("take", (director, { id }) => director.take(id));
    on("sound", (director, { id }) => director.setAudio(director.stream.audio === id ? "" : id));
    on("mute", (director, shown) => director.toggleMute(shown));
    on("remove", (director, { id }) => director.removeSource(id));
    on("expel", (director, shown) => confirm(`Send ${titleOf(shown)} away?`) && director.expel(shown));
    on("move", (director, shown) => {
      const destination = prompt(`Move ${titleOf(shown)} to which room?`);
      return destination && director.move(shown, destination);
    });
    this.#tiles.set(source.id, tile);
    // The first picture of a tile that is the preview already comes later than this.
    tile.video.addEventListener("playing", () => this.#show());
    return tile;
  }

  #addEvent(text) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = new Date().toLocaleTimeString([], { hour12: false });
    item.append(time, text);
    element("events").prepend(item);
    while (element("events").children.length > maxEvents) {
      element("events").lastElementChild.remove();
    }
  }

  #showLines() {
    for (const tile of this.#tiles.values()) {
      tile.showLine(this.#director.lineOf(tile.source) ?? null);
    }
  }

  #addStats({ viewerCount = 0, bytesSent = "0", worstFractionLost = 0, limitedViewers = [], lines = {}, layerViewers = [] }) {
    const now = { at: performance.now(), bytes: Number(bytesSent) };
    const before = this.#sent;
    this.#sent = now;
    // A viewer that leaves takes its bytes along.
    const kilobits = before && now.bytes >= before.bytes ? ((now.bytes - before.bytes) * 8) / (now.at - before.at) : 0;
    this.#charts.viewers.add(viewerCount);
    this.#charts.rate.add(kilobits);
    this.#charts.loss.add(worstFractionLost * 100);
    element("viewers").textContent = viewerCount;
    this.#showLimited(viewerCount, limitedViewers);
    this.#showViewerLines(lines, layerViewers);
    element("rate").textContent = kilobits >= 1000 ? `${(kilobits / 1000).toFixed(1)} Mb/s` : `${Math.round(kilobits)} kb/s`;
    element("loss").textContent = `${(worstFractionLost * 100).toFixed(1)} %`;
  }

  /** Says for how many viewers the quality of the picture is limited, and why. */
  #showLimited(viewerCount, limited) {
    const count = limited.reduce((sum, { viewerCount: some }) => sum + some, 0);
    const reasons = limited.map(({ cause, viewerCount: some }) => `${some} ${limitCauses[cause] ?? "for another reason"}`);
    element("limited").hidden = count === 0;
    element("limited").textContent = count === 0 ? "" : `Quality limited for ${count} of ${viewerCount}: ${reasons.join(", ")}`;
  }

  /** The thinnest of the viewers' lines, the usual one, and what they are sent. */
  #showViewerLines({ lowestBitsPerSecond = "0", medianBitsPerSecond = "0" }, layers) {
    const lowest = Number(lowestBitsPerSecond);
    this.#charts.lowest.add(lowest / 1000);
    element("lowest").textContent = lowest > 0 ? rateText(lowest) : "–";
    const median = Number(medianBitsPerSecond) > 0 ? `Half of them carry ${rateText(medianBitsPerSecond)} or more.` : "";
    const counts = layers.map(({ spatialLayer = 0, viewerCount }) => `${viewerCount} ${viewerCount === 1 ? "gets" : "get"} ${layerName(spatialLayer)}`);
    const texts = [median, counts.length > 0 && `${counts.join(", ")}.`].filter(Boolean);
    element("lines").hidden = texts.length === 0;
    element("lines").textContent = texts.join(" ");
  }

  #showState(isConnected, error) {
    element("banner").hidden = isConnected;
    element("banner").textContent = isConnected ? "" : `The gateway cannot be reached; trying again. ${error?.message ?? ""}`;
  }
}

// The page: one publisher or one viewer at a time. Its state is on <body data-state>:
// idle, starting, live, waiting (a viewer before the first frame), playing, reconnecting.

import { Chart } from "./chart.js";
import { Measurements } from "./measurements.js";
import { openSource } from "./sources.js";
import { developmentToken, listStreams } from "./tokens.js";
import { addTracks, open, Refusal } from "./whip.js";

const element = (id) => document.getElementById(id);
const charts = {
  kilobits: new Chart(element("bitrate-chart"), 100),
  frames: new Chart(element("frame-rate-chart"), 10),
  loss: new Chart(element("loss-chart"), 2),
  rtt: new Chart(element("rtt-chart"), 10),
};
const maxReconnectDelay = 10_000;

/**
 * Milliseconds that a path may be silent after the browser has noticed (which takes it some seconds) before another session is opened.
 * Until the browser itself gives a path up, half a minute goes by.
 */
const silence = 1_000;

/** Statuses that another attempt may change: a gateway that is busy, stopping or behind a proxy, or an address with too many attempts. */
const mayChange = ({ status }) => status >= 500 || [404, 408, 409, 429].includes(status);

let development = false;
let current = null;

function setState(state, text) {
  document.body.dataset.state = state;
  element("status").textContent = text;
  const idle = state === "idle";
  for (const id of ["stream", "token", "source", "codec", "simulcast", "takeover", "go-live", "watch"]) {
    element(id).disabled = !idle;
  }
  element("stop").disabled = idle;
}

function showError(error) {
  const hints = {
    stream_taken: " Tick “Take over” to replace them.",
    NotAllowedError: " Allow the camera in the browser, or choose the test pattern.",
  };
  element("error").textContent = error ? error.message + (hints[error.code ?? error.name] ?? "") : "";
  element("error").hidden = !error;
}

/** One publisher's or viewer's attempt, with everything that must be undone at its end. */
class Attempt {
  session = null;
  measurements = null;
  source = null;
  ended = false;
  failures = 0;
  wake = null;

  constructor(role, stream) {
    this.role = role;
    this.stream = stream;
    this.takeover = element("takeover").checked;
  }

  async connect() {
    const token = development ? await developmentToken(this.stream, this.role) : element("token").value.trim();
    const peer = new RTCPeerConnection();
    peer.addEventListener("connectionstatechange", () => this.#onConnection(peer));
    peer.addEventListener("signalingstatechange", () => this.#hearGoodbye(peer));
    try {
      const path = this.role === "publisher" ? this.#prepareSending(peer) : this.#prepareWatching(peer);
      const session = await open(peer, path, token);
      if (this.ended) {
        await session.close();
        return;
      }
      this.session = session;
      this.measurements = new Measurements(peer, this.role === "publisher");
    } catch (error) {
      peer.close();
      throw error;
    }
  }

  #prepareSending(peer) {
    addTracks(peer, this.source.stream, element("codec").value, element("simulcast").checked);
    return `whip/${this.stream}${this.takeover ? "?takeover=1" : ""}`;
  }

  #prepareWatching(peer) {
    const media = new MediaStream();
    peer.addEventListener("track", (event) => media.addTrack(event.track));
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    element("player").srcObject = media;
    return `whep/${this.stream}`;
  }

  #onConnection(peer) {
    if (this.ended || (this.session && this.session.peer !== peer)) {
      return;
    }
    if (peer.connectionState === "connected") {
      this.failures = 0;
      if (this.role === "publisher") {
        setState("live", `Live as “${this.stream}” from ${this.source.label.toLowerCase()}.`);
      } else if (document.body.dataset.state !== "playing") {
        setState("waiting", `Connected. Waiting for “${this.stream}” to send.`);
      }
    } else if (peer.connectionState === "failed") {
      void this.#reconnect();
    } else if (peer.connectionState === "disconnected") {
      setTimeout(() => {
        if (peer.connectionState === "disconnected") {
          this.#lose(peer);
        }
      }, silence);
    }
  }

  /** A gateway that stops says goodbye by DTLS (close_notify), which no state of the connection shows. */
  #hearGoodbye(peer) {
    for (const { transport } of [...peer.getSenders(), ...peer.getReceivers()]) {
      if (transport) {
        transport.onstatechange = () => transport.state === "closed" && this.#lose(peer);
      }
    }
  }

  #lose(peer) {
    if (!this.ended && this.session?.peer === peer) {
      void this.#reconnect();
    }
  }

  /** Opens a new session until one connects; a publisher takes its own old one over. */
  async #reconnect() {
    this.session?.peer.close();
    this.session?.close();
    this.session = null;
    this.measurements = null;
    this.takeover = true;
    while (!this.ended) {
      setState("reconnecting", "The connection was lost. Connecting again …");
      await this.#pause(Math.min(maxReconnectDelay, 500 * 2 ** this.failures++));
      if (this.ended) {
        return;
      }
      try {
        await this.connect();
        showError(null);
        return;
      } catch (error) {
        showError(error);
        if (error instanceof Refusal && !mayChange(error)) {
          // As of a token that has expired: somebody has to do something.
          if (!this.ended) {
            stop();
            showError(error);
          }
          return;
        }
      }
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  end() {
    this.ended = true;
    this.wake?.();
    this.source?.release();
    return this.session?.close();
  }
}

async function start(role) {
  if (!element("controls").reportValidity()) {
    return;
  }
  showError(null);
  const attempt = new Attempt(role, element("stream").value);
  current = attempt;
  setState("starting", role === "publisher" ? "Going live …" : "Connecting …");
  try {
    if (role === "publisher") {
      const source = await openSource(element("source").value);
      if (attempt.ended) {
        source.release();
        return;
      }
      attempt.source = source;
      source.stream.getVideoTracks()[0].addEventListener("ended", () => attempt === current && stop());
      element("preview").srcObject = source.stream;
    }
    showStage(role);
    await attempt.connect();
  } catch (error) {
    if (!attempt.ended) {
      stop();
      showError(error);
    }
  }
}

function showStage(role) {
  element("stage").hidden = false;
  element("measurements").hidden = false;
  element("preview").hidden = role !== "publisher";
  element("player").hidden = role !== "viewer";
  element("unmute").hidden = role !== "viewer";
  element("player").muted = true;
}

function stop() {
  current?.end();
  current = null;
  for (const id of ["preview", "player"]) {
    element(id).srcObject = null;
  }
  element("stage").hidden = true;
  element("measurements").hidden = true;
  element("details").textContent = "";
  Object.values(charts).forEach((chart) => chart.clear());
  setState("idle", "Stopped.");
}

async function measure() {
  const attempt = current;
  const sample = await attempt?.measurements?.sample();
  if (sample && attempt === current) {
    showSample(sample);
  }
}

function showSample(sample) {
  element("bitrate").value = sample.kilobits >= 1000 ? `${(sample.kilobits / 1000).toFixed(2)} Mb/s` : `${Math.round(sample.kilobits)} kb/s`;
  element("frame-rate").value = `${Math.round(sample.frames)} fps`;
  element("loss").value = `${sample.loss.toFixed(1)} %`;
  element("rtt").value = sample.rtt === null ? "–" : `${Math.round(sample.rtt)} ms`;
  element("details").textContent = sample.details;
  for (const name of ["kilobits", "frames", "loss"]) {
    charts[name].add(sample[name]);
  }
  if (sample.rtt !== null) {
    charts.rtt.add(sample.rtt);
  }
}

async function refreshStreams() {
  const streams = await listStreams();
  development = streams !== null;
  element("token-field").hidden = development;
  element("live").hidden = !development || streams.length === 0;
  if (development) {
    element("streams").replaceChildren(...streams.map(streamItem));
    element("stream-names").replaceChildren(...streams.map((stream) => new Option("", stream.name)));
  }
  return development;
}

function streamItem(stream) {
  const item = document.createElement("li");
  item.dataset.stream = stream.name;
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = stream.name;
  const facts = document.createElement("span");
  facts.className = "facts";
  const viewers = stream.viewers === 1 ? "1 viewer" : `${stream.viewers} viewers`;
  facts.textContent = [stream.live ? stream.codecs.join(", ") : "not live yet", viewers].filter(Boolean).join(" · ");
  const watch = document.createElement("button");
  watch.type = "button";
  watch.textContent = "Watch";
  watch.addEventListener("click", () => {
    stop();
    element("stream").value = stream.name;
    void start("viewer");
  });
  item.append(name, facts, watch);
  return item;
}

function unmute() {
  element("player").muted = false;
  element("unmute").hidden = true;
  void element("player").play();
}

const wanted = new URLSearchParams(location.search).get("stream");
if (wanted) {
  element("stream").value = wanted;
}
element("controls").addEventListener("submit", (event) => event.preventDefault());
element("go-live").addEventListener("click", () => void start("publisher"));
element("watch").addEventListener("click", () => void start("viewer"));
element("stop").addEventListener("click", stop);
element("unmute").addEventListener("click", unmute);
element("player").addEventListener("playing", () => {
  if (current?.role === "viewer") {
    setState("playing", `Watching “${current.stream}”.`);
  }
});
addEventListener("pagehide", () => current?.end());
setInterval(() => void measure(), 1000);
if (await refreshStreams()) {
  setInterval(() => void refreshStreams().catch(() => {}), 3000);
}

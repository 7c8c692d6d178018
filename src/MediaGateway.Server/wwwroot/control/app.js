// The control-room page: its form, its buttons and keys.

import { Toasts } from "../meet/toasts.js";
import { Api } from "./api.js";
import { Console } from "./console.js";
import { Director } from "./director.js";

const element = (id) => document.getElementById(id);
const toasts = new Toasts(element("toasts"));
const query = new URLSearchParams(location.search);

/** @type {?Console} */
let open = null;

function showError(error) {
  element("error").textContent = error?.message ?? "";
  element("error").hidden = !error;
}

/** A token from the gateway itself in development mode; null outside it. */
async function developmentToken() {
  const response = await fetch("../development/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ role: "director" }),
  }).catch(() => null);
  return response?.ok ? (await response.json()).token : null;
}

/** A room's name may have any characters, a stream's only some. */
const streamNameOf = (room) => room.replaceAll(/[^A-Za-z0-9._~-]/g, "-").slice(0, 128);

async function start() {
  showError(null);
  element("open").disabled = true;
  try {
    const room = element("room").value.trim();
    const name = element("stream").value.trim() || streamNameOf(room);
    if (!name) {
      throw new Error("Name a live stream, or a room.");
    }
    const api = new Api(token ?? element("token").value.trim());
    const director = new Director(api, name, room);
    const opened = new Console(director, api.token, (error) => toasts.show(error.message, "trouble"));
    try {
      await director.open();
    } catch (error) {
      await opened.close();
      throw error;
    }
    open = opened;
    history.replaceState(null, "", `?${new URLSearchParams({ stream: name, ...(room ? { room } : {}) })}`);
    document.body.dataset.state = "open";
  } catch (error) {
    showError(error);
  } finally {
    element("open").disabled = false;
  }
}

async function stop() {
  await open?.close();
  open = null;
  document.body.dataset.state = "closed";
}

const forms = {
  publisher: (value) => ({ name: value, publisher: { stream: value } }),
  participant: (value) => {
    const [room, ...identity] = value.split("/");
    return { name: identity.join("/"), participant: { room, identity: identity.join("/") } };
  },
  bars: () => ({ name: "bars", slate: { pattern: "SLATE_PATTERN_BARS" } }),
  black: () => ({ name: "black", slate: { pattern: "SLATE_PATTERN_BLACK" } }),
};
const hints = { publisher: "name of the published stream", participant: "room/identity" };

function showKind() {
  const kind = element("kind").value;
  element("from").hidden = !hints[kind];
  element("from").required = Boolean(hints[kind]);
  element("from").placeholder = hints[kind] ?? "";
}

element("open-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void start();
});
element("kind").addEventListener("change", showKind);
element("add-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void open?.attempt(async (director) => {
    await director.addSource(forms[element("kind").value](element("from").value.trim()));
    element("from").value = "";
  });
});
element("cut").addEventListener("click", () => void open?.cut());
element("leave").addEventListener("click", () => void stop());
element("listen").addEventListener("click", () => {
  const video = element("program-video");
  video.muted = !video.muted;
  element("listen").setAttribute("aria-pressed", !video.muted);
});
addEventListener("keydown", (event) => {
  if (!open || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, button:not(#cut)")) {
    return;
  }
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit) {
    event.preventDefault();
    void open.choose(Number(digit), event.shiftKey);
  } else if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (!element("cut").disabled) {
      void open.cut();
    }
  }
});
addEventListener("pagehide", () => void open?.close());

element("stream").value = query.get("stream") ?? "";
element("room").value = query.get("room") ?? "";
showKind();
const token = await developmentToken();
element("token-field").hidden = token !== null;
element("token").required = token === null;
document.body.dataset.state = "closed";

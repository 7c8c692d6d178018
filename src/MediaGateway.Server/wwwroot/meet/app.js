// The meeting page: its form, its buttons and keys.

import { Call } from "./call.js";
import { developmentToken, isDevelopment } from "./tokens.js";
import { element, grid, setState, showError, showPanel, showToggle, showTrouble, toasts } from "./view.js";

const identity = `page-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;

let development = false;
/** @type {?Call} */
let call = null;

const isInCall = () => call !== null && !call.hasEnded;

/** Runs what a button asks for; what goes wrong is shown, not lost. */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    showTrouble(error);
  }
}

async function join() {
  showError(null);
  setState("joining", "Joining …");
  try {
    const name = element("name").value.trim();
    const room = element("room").value.trim();
    const token = development ? await developmentToken(room, identity, name) : element("token").value.trim();
    const joining = new Call();
    await joining.join(token, {
      withMicrophone: element("with-microphone").checked,
      withCamera: element("with-camera").checked,
      height: Number(element("height").value),
    });
    call = joining;
    rememberRoom(name, room);
    setState("joined");
    joining.show();
  } catch (error) {
    setState("idle");
    showError(error);
  }
}

function rememberRoom(name, room) {
  if (development) {
    localStorage.setItem("name", name);
    history.replaceState(null, "", `?room=${encodeURIComponent(room)}`);
  }
}

const actions = {
  microphone: () => call.toggleMicrophone(),
  camera: () => call.toggleCamera(),
  screen: () => call.toggleScreen(),
  chat: () => showPanel(element("panel").hidden),
  "close-panel": () => showPanel(false),
  figures: () => call.toggleFigures(),
  leave: () => call.meeting.leave(),
  "copy-link": async () => {
    await navigator.clipboard.writeText(location.href);
    toasts.show("Link copied");
  },
};
const keys = { m: "microphone", v: "camera", c: "chat" };

const isTyping = ({ target, ctrlKey, metaKey, altKey, repeat }) => repeat || ctrlKey || metaKey || altKey || target.closest("input, select");

for (const [id, action] of Object.entries(actions)) {
  element(id).addEventListener("click", () => isInCall() && void attempt(action));
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    showPanel(false);
  } else if (isInCall() && keys[event.key] && !isTyping(event)) {
    event.preventDefault();
    element(keys[event.key]).click();
  }
});
element("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void join();
});
element("chat-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = element("text").value.trim();
  if (text) {
    void attempt(() => {
      call.say(text);
      element("text").value = "";
    });
  }
});
element("file").addEventListener("change", () => {
  const [file] = element("file").files;
  element("file").value = "";
  void attempt(() => call.sendFile(file));
});
addEventListener("pagehide", () => isInCall() && call.meeting.leave());
grid.addEventListener("sizes", () => isInCall() && call.tellSizes());

element("name").value = localStorage.getItem("name") ?? "";
element("room").value = new URLSearchParams(location.search).get("room") ?? "my-room";
showPanel(false);
showToggle("figures", false, "", "Show figures of each picture");
development = await isDevelopment();
element("token-field").hidden = development;
for (const field of document.querySelectorAll(".development")) {
  field.hidden = !development;
  field.querySelector("input").required = development;
}

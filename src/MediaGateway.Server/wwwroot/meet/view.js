// The parts of the page that are there all the time, and how they look in each state. <body data-state> is idle, joining,
// joined or reconnecting.

import { Grid } from "./grid.js";
import { Panel } from "./panel.js";
import { Sound } from "./sound.js";
import { Toasts } from "./toasts.js";

export const element = (id) => document.getElementById(id);

export const toasts = new Toasts(element("toasts"));
export const grid = new Grid(element("tiles"));
export const panel = new Panel(element("messages"));
export const sound = new Sound(element("sound"), () => {
  toasts.show("Click anywhere to hear the others.");
  addEventListener("click", () => sound.unblock(), { once: true });
});

export function setState(state, status = "") {
  document.body.dataset.state = state;
  element("status").textContent = status;
  const isInside = state === "joined" || state === "reconnecting";
  element("lobby").hidden = isInside;
  element("meeting").hidden = !isInside;
  element("banner").hidden = state !== "reconnecting";
  element("join").disabled = state === "joining";
}

export function showError(error) {
  element("error").textContent = error?.message ?? "";
  element("error").hidden = !error;
}

/** What went wrong after the user asked for something. */
export function showTrouble(error) {
  toasts.show(deviceTroubles[error.name] ?? error.message, "trouble");
}

const deviceTroubles = {
  NotAllowedError: "The browser does not allow that device.",
  NotFoundError: "There is no such device.",
  NotReadableError: "Another program uses that device.",
};

export function showToggle(id, isPressed, whenPressed, whenNot) {
  const button = element(id);
  const label = isPressed ? whenPressed : whenNot;
  button.setAttribute("aria-pressed", isPressed);
  button.setAttribute("aria-label", label);
  button.title = label;
}

export function showPanel(isOpen) {
  element("panel").hidden = !isOpen;
  showToggle("chat", isOpen, "Close the chat (c)", "Open the chat (c)");
  if (isOpen) {
    element("unread").value = "";
    element("unread").hidden = true;
    element("text").focus();
  }
}

export function countUnread() {
  if (element("panel").hidden) {
    element("unread").value = Number(element("unread").value) + 1;
    element("unread").hidden = false;
  }
}

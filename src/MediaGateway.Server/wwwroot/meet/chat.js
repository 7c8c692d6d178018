// Text to everybody, as JSON on the channel "chat": {"from": NAME, "text": TEXT}. Any page that opens a channel of that
// label can join in.

const maxLength = 2_000;

/** Events: `message` (detail: {from, text}). */
export class Chat extends EventTarget {
  #channel;

  /** @param {Channel} channel */
  constructor(channel) {
    super();
    this.#channel = channel;
    channel.addEventListener("message", ({ detail }) => this.#onMessage(detail));
  }

  /** @throws {Error} while the channel is not open */
  send(from, text) {
    this.#channel.send(JSON.stringify({ from, text: text.slice(0, maxLength) }));
  }

  #onMessage(data) {
    const message = parse(data);
    if (typeof message?.text === "string") {
      const from = typeof message.from === "string" ? message.from : "Somebody";
      this.dispatchEvent(new CustomEvent("message", { detail: { from: from.slice(0, 128), text: message.text.slice(0, maxLength) } }));
    }
  }
}

/** What others send may be anything. @returns {?object} */
function parse(data) {
  try {
    return typeof data === "string" ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}

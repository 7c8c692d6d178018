// A data channel by its label. Whatever is sent on it reaches everybody in the room who has opened one of that label.
// The gateway keeps a bounded queue for each receiver and closes the channel of one that does not keep up: it is opened
// again then.

const reopenDelay = 1_000;

/** Events: `message` (detail: text or ArrayBuffer), `open`, `interrupted`. */
export class Channel extends EventTarget {
  #label;
  #channel = null;

  constructor(label) {
    super();
    this.#label = label;
  }

  /** @param {(label: string) => RTCDataChannel} openChannel of a connection; of a new one after a full reconnect */
  open(openChannel) {
    if (this.#channel) {
      this.dispatchEvent(new Event("interrupted"));
    }
    const channel = openChannel(this.#label);
    channel.binaryType = "arraybuffer";
    this.#channel = channel;
    channel.addEventListener("open", () => this.dispatchEvent(new Event("open")));
    channel.addEventListener("message", ({ data }) => this.dispatchEvent(new CustomEvent("message", { detail: data })));
    channel.addEventListener("close", () => {
      if (channel === this.#channel) {
        this.dispatchEvent(new Event("interrupted"));
        setTimeout(() => channel === this.#channel && this.#reopen(openChannel), reopenDelay);
      }
    });
  }

  #reopen(openChannel) {
    try {
      this.open(openChannel);
    } catch (error) {
      if (error.name !== "InvalidStateError") {
        throw error;
      }
      // The connection is closed: the next one opens the channel.
    }
  }

  get isOpen() {
    return this.#channel?.readyState === "open";
  }

  /** @throws {Error} while the channel is not open */
  send(data) {
    if (!this.isOpen) {
      throw new Error("Not connected. Try again in a moment.");
    }
    this.#channel.send(data);
  }

  /** Resolves once little waits in the browser's own queue, or the channel is closed. */
  async drained(limit) {
    const channel = this.#channel;
    while (channel?.readyState === "open" && channel.bufferedAmount > limit) {
      channel.bufferedAmountLowThreshold = limit / 2;
      await new Promise((resolve) => {
        channel.addEventListener("bufferedamountlow", resolve, { once: true });
        channel.addEventListener("close", resolve, { once: true });
      });
    }
  }
}

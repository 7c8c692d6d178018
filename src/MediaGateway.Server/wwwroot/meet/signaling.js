// The signaling of a meeting: one WebSocket, one JSON message a frame, and in each message one member that is named
// after its kind: {"offer": {…}}, {"update": {…}}. docs/signaling.md lists them.

const firstMessageTimeout = 6_000;

/** The gateway will not have us: another attempt with the same token is pointless. */
export class Refused extends Error {}

export class Signaling {
  #socket;
  #onMessage;
  #onLost;
  #lastHeard = 0;
  #roundTrip = 0;
  #pinging;

  /**
   * Opens a connection. Its first message is the promise's: join for a new participant; reconnect for one that resumes,
   * or leave when the gateway no longer knows it.
   * @param {string} token
   * @param {{resume?: string}} options resume: the sid of the participant that lost its connection
   * @param {{onMessage: (message: object) => void, onLost: () => void}} handlers for all that follows
   * @returns {Promise<{signaling: Signaling, first: object}>}
   */
  static async open(token, { resume }, handlers) {
    const query = new URLSearchParams({ access_token: token });
    if (resume) {
      query.set("reconnect", "1");
      query.set("sid", resume);
    }
    const url = new URL(`../rtc/v1?${query}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const signaling = new Signaling(new WebSocket(url), handlers);
    try {
      return { signaling, first: await signaling.#firstMessage() };
    } catch (error) {
      signaling.close();
      throw await reasonOf(query, error);
    }
  }

  constructor(socket, { onMessage, onLost }) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    this.#onLost = onLost;
  }

  #firstMessage() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("The gateway does not answer.")), firstMessageTimeout);
      this.#socket.addEventListener("close", () => {
        clearTimeout(timer);
        reject(new Error("The gateway cannot be reached."));
      });
      this.#socket.addEventListener("message", ({ data }) => {
        clearTimeout(timer);
        const first = JSON.parse(data);
        // What follows in the same breath must find its handlers: they are set here, not after the promise.
        this.#listen(first.join);
        resolve(first);
      }, { once: true });
    });
  }

  #listen(join) {
    this.#lastHeard = performance.now();
    this.#socket.addEventListener("message", ({ data }) => {
      this.#lastHeard = performance.now();
      const message = JSON.parse(data);
      if (message.pongResp) {
        this.#roundTrip = Date.now() - Number(message.pongResp.lastPingTimestamp ?? Date.now());
      } else {
        this.#onMessage(message);
      }
    });
    this.#socket.addEventListener("close", () => this.#lose());
    const interval = (join?.pingInterval || 5) * 1000;
    const timeout = (join?.pingTimeout || 15) * 1000;
    this.#pinging = setInterval(() => {
      if (performance.now() - this.#lastHeard > timeout) {
        this.#lose();
      } else {
        // 64-bit numbers are strings in protobuf's JSON.
        this.send({ pingReq: { timestamp: String(Date.now()), rtt: String(this.#roundTrip) } });
      }
    }, interval);
  }

  #lose() {
    const onLost = this.#onLost;
    this.close();
    onLost();
  }

  get isOpen() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** @returns {boolean} false when it could not be sent; the caller says it again after a resume */
  send(message) {
    if (!this.isOpen) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Ends the connection without a call to onLost. */
  close() {
    clearInterval(this.#pinging);
    this.#onLost = () => {};
    this.#onMessage = () => {};
    this.#socket.close(1000);
  }
}

/** A WebSocket does not tell why it failed to open: the same question over HTTP does. */
async function reasonOf(query, error) {
  const answer = await fetch(`../rtc/v1/validate?${query}`).catch(() => null);
  if (!answer || answer.ok || answer.status >= 500) {
    return error;
  }
  return new Refused((await answer.text()) || `The gateway answered ${answer.status}.`);
}

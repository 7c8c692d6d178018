// The control API by Connect with JSON: a unary call is one POST, a stream is one POST whose answer comes in envelopes
// (https://connectrpc.com/docs/protocol).

const envelopeHeader = 5;
const endOfStream = 2;
const retryDelays = [300, 1000, 2000, 5000];

/** What the gateway refused, in its words; `code` is a gRPC status in Connect's spelling, such as not_found. */
export class Refusal extends Error {
  constructor({ code = "unknown", message = "The gateway gave no reason." }) {
    super(message);
    this.code = code;
  }
}

export class Api {
  #token;

  constructor(token) {
    this.#token = token;
  }

  get token() {
    return this.#token;
  }

  /** @param {string} method for example LiveStreamService/Cut */
  async call(method, request = {}) {
    const response = await this.#post(method, "application/json", JSON.stringify(request));
    return response.json();
  }

  /** Reads a stream until it ends, which it does with an error unless `signal` ended it. */
  async read(method, request, onMessage, signal) {
    const response = await this.#post(method, "application/connect+json", envelope(request), signal);
    for await (const { isLast, message } of messagesOf(response.body)) {
      if (!isLast) {
        onMessage(message);
      } else if (message.error) {
        throw new Refusal(message.error);
      }
    }
  }

  /**
   * Follows a stream across lost connections. A request may change between them: `requestOf` is asked anew each time.
   * @param {(isConnected: boolean, error: ?Error) => void} onState
   */
  async follow(method, requestOf, onMessage, onState, signal) {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.read(method, requestOf(), (message) => {
          attempt = 0;
          onState(true, null);
          onMessage(message);
        }, signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        onState(false, error);
        if (error.code === "unauthenticated" || error.code === "permission_denied") {
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelays[Math.min(attempt, retryDelays.length - 1)]));
    }
  }

  async #post(method, type, body, signal) {
    const response = await fetch(`../mediagateway.v1.${method}`, {
      method: "POST",
      headers: { "Content-Type": type, Authorization: `Bearer ${this.#token}` },
      body,
      signal,
    });
    if (!response.ok) {
      throw new Refusal(await response.json().catch(() => ({ message: `The gateway answered ${response.status}.` })));
    }
    return response;
  }
}

function envelope(message) {
  const text = new TextEncoder().encode(JSON.stringify(message));
  const bytes = new Uint8Array(envelopeHeader + text.length);
  new DataView(bytes.buffer).setUint32(1, text.length);
  bytes.set(text, envelopeHeader);
  return bytes;
}

async function* messagesOf(body) {
  const reader = body.getReader();
  let buffer = new Uint8Array();
  while (true) {
    while (buffer.length >= envelopeHeader) {
      const end = envelopeHeader + new DataView(buffer.buffer, buffer.byteOffset).getUint32(1);
      if (buffer.length < end) {
        break;
      }
      const text = new TextDecoder().decode(buffer.subarray(envelopeHeader, end));
      yield { isLast: (buffer[0] & endOfStream) !== 0, message: text ? JSON.parse(text) : {} };
      buffer = buffer.subarray(end);
    }
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const joined = new Uint8Array(buffer.length + value.length);
    joined.set(buffer);
    joined.set(value, buffer.length);
    buffer = joined;
  }
}

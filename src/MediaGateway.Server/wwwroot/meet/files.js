// Files to everybody, on the channel "files". A transfer is
//   {"file": {id, name, size, type, from, sha256}}    text, from the sender
//   chunks                                            binary: id and number (32 bits each, big endian), up to 16 KiB
//   {"ack": {id, by, bytes}}                          text, from every receiver: how much it has; -1 when it gives up
// Several transfers share the channel. The sender keeps no more than a window ahead of the slowest receiver, as each has a
// bounded queue in the gateway; one that stays silent is left behind.

const chunkBytes = 16 * 1024;
const chunkHeaderBytes = 8;
const windowBytes = 1024 * 1024;
const ackEveryBytes = 128 * 1024;
const browserQueueBytes = 512 * 1024;
const silenceLimit = 10_000;
const answerLimit = 3_000; // who is no page like this one never answers
const maxIncoming = 16;
export const maxFileBytes = 256 * 1024 * 1024;

/** Events: `transfer` (detail: a Transfer) when one begins. */
export class Files extends EventTarget {
  /** The name under which this page acknowledges; senders list their receivers by it. */
  by = "";

  #channel;
  #sending = new Map();
  #receiving = new Map();

  /** @param {Channel} channel */
  constructor(channel) {
    super();
    this.#channel = channel;
    channel.addEventListener("message", ({ detail }) => this.#onMessage(detail));
    channel.addEventListener("interrupted", () => this.#interrupt());
  }

  /**
   * @param {File} file
   * @param {{from: string, receivers: string[]}} people from: the sender's name, to be shown
   *   receivers: the names under which those who are there acknowledge
   */
  async send(file, { from, receivers }) {
    if (receivers.length === 0) {
      throw new Error("Nobody else is here.");
    }
    if (file.size > maxFileBytes) {
      throw new Error(`${file.name} is larger than ${maxFileBytes / 1024 / 1024} MB.`);
    }
    const bytes = await file.arrayBuffer();
    const header = {
      id: crypto.getRandomValues(new Uint32Array(1))[0],
      name: file.name,
      size: file.size,
      type: file.type,
      from,
      sha256: await sha256(bytes),
    };
    this.#channel.send(JSON.stringify({ file: header }));
    const transfer = new Outgoing(header, receivers);
    this.#sending.set(header.id, transfer);
    this.dispatchEvent(new CustomEvent("transfer", { detail: transfer }));
    try {
      await this.#sendChunks(transfer, bytes);
    } catch (error) {
      transfer.fail(error.message);
    } finally {
      this.#sending.delete(header.id);
    }
  }

  async #sendChunks(transfer, bytes) {
    const { id } = transfer.header;
    for (let number = 0, offset = 0; offset < bytes.byteLength; number++, offset += chunkBytes) {
      await transfer.room(offset + chunkBytes);
      await this.#channel.drained(browserQueueBytes);
      if (transfer.state !== "running") {
        return;
      }
      this.#channel.send(chunk(id, number, new Uint8Array(bytes, offset, Math.min(chunkBytes, bytes.byteLength - offset))));
    }
    await transfer.room(bytes.byteLength + windowBytes);
    if (transfer.arrived > 0) {
      transfer.complete();
    } else {
      transfer.fail("Nobody received it.");
    }
  }

  #onMessage(data) {
    if (data instanceof ArrayBuffer) {
      this.#onChunk(data);
      return;
    }
    const { file, ack } = parse(data);
    if (file) {
      this.#onFile(file);
    } else if (ack) {
      this.#sending.get(ack.id)?.onAck(ack);
    }
  }

  #onFile(header) {
    if (isHeader(header) && this.#receiving.size < maxIncoming) {
      const transfer = new Incoming(header, (bytes) => this.#acknowledge(header.id, bytes));
      this.#receiving.set(header.id, transfer);
      transfer.addEventListener("progress", () => transfer.state !== "running" && this.#receiving.delete(header.id));
      this.dispatchEvent(new CustomEvent("transfer", { detail: transfer }));
    }
  }

  #onChunk(data) {
    if (data.byteLength <= chunkHeaderBytes) {
      return;
    }
    const view = new DataView(data);
    // One that began before we came is not there.
    this.#receiving.get(view.getUint32(0))?.onChunk(view.getUint32(4), data.slice(chunkHeaderBytes));
  }

  #acknowledge(id, bytes) {
    if (this.#channel.isOpen) {
      this.#channel.send(JSON.stringify({ ack: { id, by: this.by, bytes } }));
    }
  }

  #interrupt() {
    for (const transfer of [...this.#sending.values(), ...this.#receiving.values()]) {
      transfer.fail("The connection was interrupted.");
    }
    this.#sending.clear();
    this.#receiving.clear();
  }
}

/** Events: `progress`. States: running, done, failed. */
class Transfer extends EventTarget {
  state = "running";
  bytes = 0;
  error = "";

  constructor(header) {
    super();
    this.header = header;
  }

  complete() {
    this.#become("done");
  }

  fail(error) {
    this.error = error;
    this.#become("failed");
  }

  #become(state) {
    if (this.state === "running") {
      this.state = state;
      this.progress();
    }
  }

  progress() {
    this.dispatchEvent(new Event("progress"));
  }
}

class Outgoing extends Transfer {
  isOutgoing = true;

  /** How many are to have it. */
  total;

  /** How much each receiver that follows has, and when it said so last. @type {Map<string, {bytes: number, heard: number, answered: boolean}>} */
  #receivers;
  #wake = () => {};

  constructor(header, receivers) {
    super(header);
    const now = performance.now();
    this.total = receivers.length;
    this.#receivers = new Map(receivers.map((id) => [id, { bytes: 0, heard: now, answered: false }]));
  }

  /** How many have all of it. */
  get arrived() {
    return [...this.#receivers.values()].filter(({ bytes }) => bytes >= this.header.size).length;
  }

  onAck({ by, bytes }) {
    if (!this.#receivers.has(by) || !Number.isFinite(bytes)) {
      return;
    }
    if (bytes < 0) {
      this.#receivers.delete(by);
    } else {
      this.#receivers.set(by, { bytes, heard: performance.now(), answered: true });
    }
    this.#measure();
    this.#wake();
  }

  /** Resolves once everything up to `end` is no more than a window ahead of every receiver that still follows. */
  async room(end) {
    while (this.state === "running" && this.#slowest() + windowBytes < end) {
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 1000);
      });
      this.#leaveSilentOnesBehind();
    }
  }

  #slowest() {
    return Math.min(this.header.size, ...[...this.#receivers.values()].map(({ bytes }) => bytes));
  }

  #leaveSilentOnesBehind() {
    const now = performance.now();
    for (const [id, { heard, answered }] of this.#receivers) {
      if (now - heard > (answered ? silenceLimit : answerLimit)) {
        this.#receivers.delete(id);
      }
    }
    this.#measure();
  }

  #measure() {
    this.bytes = this.#slowest();
    this.progress();
  }
}

class Incoming extends Transfer {
  isOutgoing = false;

  /** The whole file, once the state is done. @type {?Blob} */
  blob = null;

  #chunks = [];
  #acknowledged = 0;
  #acknowledge;

  constructor(header, acknowledge) {
    super(header);
    this.#acknowledge = acknowledge;
    acknowledge(0);
    if (header.size === 0) {
      void this.#finish();
    }
  }

  onChunk(number, bytes) {
    if (number !== this.#chunks.length || this.bytes + bytes.byteLength > this.header.size) {
      this.#giveUp("A part is missing.");
      return;
    }
    this.#chunks.push(bytes);
    this.bytes += bytes.byteLength;
    const isWhole = this.bytes === this.header.size;
    if (isWhole || this.bytes - this.#acknowledged >= ackEveryBytes) {
      this.#acknowledged = this.bytes;
      this.#acknowledge(this.bytes);
      this.progress();
    }
    if (isWhole) {
      void this.#finish();
    }
  }

  async #finish() {
    const blob = new Blob(this.#chunks, { type: "application/octet-stream" });
    this.#chunks = [];
    if (await sha256(await blob.arrayBuffer()) !== this.header.sha256) {
      this.#giveUp("The checksum differs.");
      return;
    }
    this.blob = blob;
    this.complete();
  }

  #giveUp(error) {
    this.#acknowledge(-1);
    this.fail(error);
  }
}

function chunk(id, number, bytes) {
  const data = new Uint8Array(chunkHeaderBytes + bytes.byteLength);
  const view = new DataView(data.buffer);
  view.setUint32(0, id);
  view.setUint32(4, number);
  data.set(bytes, chunkHeaderBytes);
  return data;
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What others send may be anything. */
function parse(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

function isHeader({ id, name, size, type, from, sha256: digest }) {
  return Number.isInteger(id) && Number.isInteger(size) && size >= 0 && size <= maxFileBytes
    && [name, type, from, digest].every((text) => typeof text === "string" && text.length <= 1024);
}

// The side panel: chat messages and files, in the order in which they come.

const units = ["bytes", "kB", "MB"];

export class Panel {
  #list;

  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.#list = list;
  }

  clear() {
    this.#list.replaceChildren();
  }

  addMessage({ from, text }) {
    const item = this.#addItem(from);
    const words = document.createElement("p");
    words.textContent = text;
    item.append(words);
    this.#scroll();
  }

  /** @param {Transfer} transfer see files.js; the item follows it to its end */
  addTransfer(transfer) {
    const { name, size, from, sha256 } = transfer.header;
    const item = this.#addItem(from);
    const box = document.createElement("div");
    box.className = "transfer";
    const title = document.createElement("span");
    title.textContent = name;
    const progress = document.createElement("progress");
    progress.max = Math.max(1, size);
    progress.setAttribute("aria-label", name);
    const note = document.createElement("small");
    box.append(title, progress, note);
    item.append(box);
    const show = () => {
      box.dataset.state = transfer.state;
      progress.value = transfer.bytes;
      progress.hidden = transfer.state !== "running";
      note.textContent = noteOf(transfer);
      if (transfer.state === "done") {
        note.append(document.createElement("br"), checksum(sha256));
        if (transfer.blob) {
          title.replaceChildren(link(name, transfer.blob));
        }
      }
    };
    transfer.addEventListener("progress", show);
    show();
    this.#scroll();
  }

  #addItem(from) {
    const item = document.createElement("li");
    const author = document.createElement("b");
    author.textContent = from;
    item.append(author);
    this.#list.append(item);
    return item;
  }

  #scroll() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function noteOf({ state, bytes, error, isOutgoing, header, arrived, total }) {
  switch (state) {
    case "running":
      return `${isOutgoing ? "Sending" : "Receiving"}: ${sizeOf(bytes)} of ${sizeOf(header.size)}`;
    case "done":
      return isOutgoing ? `Sent to ${arrived === total ? "everybody" : `${arrived} of ${total}`}` : `Received, ${sizeOf(header.size)}`;
    default:
      return error;
  }
}

function sizeOf(bytes) {
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

function checksum(sha256) {
  const code = document.createElement("code");
  code.textContent = `SHA-256 ${sha256.slice(0, 16)}…`;
  code.title = sha256;
  return code;
}

function link(name, blob) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.textContent = name;
  return anchor;
}

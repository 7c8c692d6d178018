// Short notes that go by themselves. The container is an aria-live region, so they are read out too.

const lifetime = 5_000;
const maxShown = 4;

export class Toasts {
  #container;

  constructor(container) {
    this.#container = container;
  }

  /** @param {"note"|"trouble"} kind */
  show(text, kind = "note") {
    const toast = document.createElement("p");
    toast.className = kind;
    toast.textContent = text;
    this.#container.append(toast);
    while (this.#container.childElementCount > maxShown) {
      this.#container.firstElementChild.remove();
    }
    setTimeout(() => toast.remove(), lifetime);
  }
}

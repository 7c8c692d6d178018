// Plays the sound of the others: one element for each track, none of them visible.

export class Sound {
  #elements = new Map();
  #container;
  #onBlocked;

  /** @param {() => void} onBlocked the browser wants a gesture of the user's first */
  constructor(container, onBlocked) {
    this.#container = container;
    this.#onBlocked = onBlocked;
  }

  /** @param {Map<string, MediaStreamTrack>} tracks all that are to be heard, by their sids */
  play(tracks) {
    for (const [sid, element] of this.#elements) {
      if (!tracks.has(sid)) {
        element.srcObject = null;
        element.remove();
        this.#elements.delete(sid);
      }
    }
    for (const [sid, track] of tracks) {
      const element = this.#elements.get(sid) ?? this.#add(sid);
      if (element.srcObject?.getTracks()[0] !== track) {
        element.srcObject = new MediaStream([track]);
        this.#start(element);
      }
    }
  }

  #add(sid) {
    const element = document.createElement("audio");
    element.dataset.sid = sid;
    this.#elements.set(sid, element);
    this.#container.append(element);
    return element;
  }

  #start(element) {
    element.play().catch((error) => {
      if (error.name === "NotAllowedError") {
        this.#onBlocked();
      }
    });
  }

  /** Again, within a gesture. */
  unblock() {
    this.#elements.forEach((element) => this.#start(element));
  }
}

// What is seen of a video: how many pictures, the longest pause between two of them, and what is on the last one.
import { readCard } from './test-card.js';

const tick = 20;
/** Delay of a tick from which on the page had no processor to run on. */
const starvation = 50;

/** Milliseconds, since the page was opened, in which it could not run: what it did not see then says nothing about the gateway. */
let starved = 0;
let lastTick = performance.now();

function onTick() {
  const now = performance.now();
  if (now - lastTick >= starvation) starved += now - lastTick - tick;
  lastTick = now;
}

setInterval(onTick, tick);

export class PictureWatcher {
  frames = 0;

  #video;
  #longestGap = 0;
  #lastFrame;
  #starvedBefore = 0;

  constructor(video) {
    this.#video = video;
    const onFrame = (now) => {
      this.frames++;
      this.#longestGap = Math.max(this.#longestGap, this.#gapUntil(now));
      this.#lastFrame = now;
      this.#starvedBefore = starved;
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }

  /** Starts the measure of gaps anew: what happened so far was meant to happen. */
  forgetGaps() {
    this.#longestGap = 0;
    this.#lastFrame = undefined;
  }

  view() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    return {
      frames: this.frames,
      longestGap: Math.round(Math.max(this.#longestGap, this.#gapUntil(performance.now()))),
      width,
      height,
      card: width > 0 && this.frames > 0 ? readCard(this.#video) : undefined,
    };
  }

  /** Milliseconds since the last picture, without those in which the page could not run. */
  #gapUntil(now) {
    if (this.#lastFrame === undefined) return 0;
    onTick();
    return now - this.#lastFrame - (starved - this.#starvedBefore);
  }
}

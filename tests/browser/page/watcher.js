// What is seen of a video: how many pictures, the longest pause between two of them, and what is on the last one.
import { readCard } from './test-card.js';

export class PictureWatcher {
  frames = 0;

  #video;
  #longestGap = 0;
  #lastFrame;

  constructor(video) {
    this.#video = video;
    const onFrame = (now) => {
      this.frames++;
      if (this.#lastFrame !== undefined) this.#longestGap = Math.max(this.#longestGap, now - this.#lastFrame);
      this.#lastFrame = now;
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
      longestGap: Math.round(Math.max(this.#longestGap, this.#lastFrame === undefined ? 0 : performance.now() - this.#lastFrame)),
      width,
      height,
      card: width > 0 && this.frames > 0 ? readCard(this.#video) : undefined,
    };
  }
}

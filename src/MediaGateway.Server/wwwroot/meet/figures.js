// Figures of what is received: size, frame rate and bitrate of each picture, once a second.

export class Figures {
  #previous = new Map();

  /**
   * @param {Map<string, object>} statistics inbound-rtp entries by the track's sid
   * @returns {Map<string, string>} a line for each picture
   */
  lines(statistics) {
    const lines = new Map();
    for (const [sid, entry] of statistics) {
      const previous = this.#previous.get(sid);
      if (previous && entry.kind === "video" && entry.timestamp > previous.timestamp) {
        const seconds = (entry.timestamp - previous.timestamp) / 1000;
        const kilobits = Math.round(((entry.bytesReceived - previous.bytesReceived) * 8) / 1000 / seconds);
        const frames = Math.round((entry.framesDecoded - previous.framesDecoded) / seconds);
        lines.set(sid, `${entry.frameWidth ?? 0}×${entry.frameHeight ?? 0}, ${frames} fps, ${kilobits} kb/s`);
      }
    }
    this.#previous = statistics;
    return lines;
  }
}

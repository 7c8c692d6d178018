// What a line carries and what it keeps from its owner, in words. A line is as the gateway tells it, in its JSON: the control API's Line
// and the LineInfo of signaling have the same names.

/** @returns {string} for example "0.8 Mb/s" */
export function rateText(bitsPerSecond) {
  return `${Number((Number(bitsPerSecond) / 1e6).toPrecision(2))} Mb/s`;
}

/** @returns {string} for example "line carries 0.8 Mb/s"; empty while nothing is known */
export function carriesText({ estimatedBitsPerSecond = 0 } = {}) {
  return Number(estimatedBitsPerSecond) > 0 ? `line carries ${rateText(estimatedBitsPerSecond)}` : "";
}

/** @returns {string} for example "2 smaller, 1 paused"; empty when it carries everything */
export function shortageText({ limitedVideos = 0, pausedVideos = 0 } = {}) {
  const smaller = limitedVideos - pausedVideos;
  return [smaller > 0 && `${smaller} smaller`, pausedVideos > 0 && `${pausedVideos} paused`].filter(Boolean).join(", ");
}

/** @returns {string} for example "line carries 0.8 Mb/s; gets 360p, 1 paused"; empty while nothing is known */
export function lineText(line = {}) {
  const gets = [line.largestHeight > 0 && `${line.largestHeight}p`, line.limitedVideos > 0 && shortageText(line)].filter(Boolean).join(", ");
  return [carriesText(line), gets && `gets ${gets}`].filter(Boolean).join("; ");
}

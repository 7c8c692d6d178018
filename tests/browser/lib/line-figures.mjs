// What recordings of a viewer (page/recorder.js) and of its line (lib/line.mjs) say. Times are milliseconds since 1970; answers in
// milliseconds and parts of one. What never happened took until Infinity.

/** When a picture of that width was shown first, after a time. */
export function firstPicture({ pictures }, since, width = 1) {
  const found = pictures.find(([at, size]) => at >= since && size >= width);
  return found ? found[0] - since : Infinity;
}

/** The longest time that the picture stood. */
export function longestFreeze({ pictures }, from, to) {
  const times = [from, ...pictures.map(([at]) => at).filter((at) => at > from && at < to), to];
  return Math.max(...times.slice(1).map((at, index) => at - times[index]));
}

/** The part of the time in which the picture last shown has that width; one that has stood for more than a second is none. */
export function shareOfWidth({ pictures }, width, from, to) {
  let sum = 0;
  pictures.forEach(([at, size], index) => {
    if (size !== width) return;
    const end = Math.min(to, at + 1000, pictures[index + 1]?.[0] ?? to);
    sum += Math.max(0, end - Math.max(from, at));
  });
  return sum / (to - from);
}

/** How often the width changed. */
export function switches({ pictures }, from, to) {
  const shown = pictures.filter(([at]) => at >= from && at < to);
  return shown.filter(([, width], index) => index > 0 && width !== shown[index - 1][1]).length;
}

export function picturesPerSecond({ pictures }, from, to) {
  return pictures.filter(([at]) => at >= from && at < to).length * 1000 / (to - from);
}

/** What a counter grew by. It is taken from the first and the last sample of the time. */
function growth({ samples }, name, from, to) {
  const within = samples.filter(({ at, packets }) => at >= from && at <= to && packets > 0);
  return within.length < 2 ? 0 : within.at(-1)[name] - within[0][name];
}

/** Bits per second that reached the viewer, without what is below RTP. */
export function receivedRate(track, from, to) { return growth(track, 'bytes', from, to) * 8000 / (to - from); }

/** Parts of the sound: lost on the way, and made up by the browser because nothing was there to play. */
export function soundOf(track, from, to) {
  const [packets, lost, samples, concealed] = ['packets', 'lost', 'samples', 'concealed'].map((name) => growth(track, name, from, to));
  return { lost: lost / Math.max(1, packets + lost), concealed: concealed / Math.max(1, samples), gap: longestGap(track, from, to) };
}

/** The longest time for which the browser made sound up: samples follow each other with some of it in each. */
function longestGap({ samples }, from, to) {
  let [longest, current] = [0, 0];
  const within = samples.filter(({ at, packets }) => at >= from && at <= to && packets > 0);
  within.slice(1).forEach((sample, index) => {
    const made = sample.concealed - within[index].concealed;
    current = made > 0 ? current + made / 48 : 0;
    longest = Math.max(longest, current);
  });
  return longest;
}

/** The mean time that sound waits in the browser's jitter buffer, at each sample; its given part of the greatest. */
export function soundDelay({ samples }, from, to, part = 0.99) {
  const within = samples.filter(({ at, packets }) => at >= from && at <= to && packets > 0);
  const delays = within.slice(1)
    .map(({ delay, emitted }, index) => (delay - within[index].delay) * 1000 / (emitted - within[index].emitted))
    .filter(Number.isFinite);
  return quantile(delays, part);
}

/** The time that the queue takes to empty, at each sample. */
function queueTimes(line, rate, from, to) {
  return line.samples.filter(([at]) => at >= from && at < to).map(([at, , backlog]) => [at, backlog * 8000 / rate]);
}

export function queue(line, rate, from, to) {
  const times = queueTimes(line, rate, from, to).map(([, time]) => time);
  return { longest: Math.max(...times), median: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) };
}

/** How long it took until the queue was below a time, after it had been above it. */
export function queueBelow(line, rate, limit, from, to) {
  const times = queueTimes(line, rate, from, to);
  const risen = times.findIndex(([, time]) => time >= limit);
  if (risen < 0) return 0;
  const fallen = times.slice(risen).find(([, time]) => time < limit);
  return fallen ? fallen[0] - from : Infinity;
}

/** How long it took until no more came than the line carries, over a time of 300 ms: the queue grew no more, and dropped nothing. */
export function yieldedAfter(line, from, to, window = 300) {
  const within = line.samples.filter(([at]) => at >= from && at < to);
  const found = within.find(([at, , backlog, drops]) => {
    const earlier = within.findLast(([before]) => before <= at - window);
    return earlier && backlog <= earlier[2] && drops === earlier[3];
  });
  return found ? found[0] - from : Infinity;
}

/** Bits per second that left the queue, on the wire. */
export function carried(line, from, to) {
  const within = line.samples.filter(([at]) => at >= from && at <= to);
  return (within.at(-1)[1] - within[0][1]) * 8000 / (within.at(-1)[0] - within[0][0]);
}

export function drops(line, from, to) {
  const within = line.samples.filter(([at]) => at >= from && at <= to);
  return within.at(-1)[3] - within[0][3];
}

/** RFC 5166, section 2.2.3.2: one when all have the same. */
export function jain(rates) {
  const sum = rates.reduce((total, rate) => total + rate, 0);
  return sum ** 2 / (rates.length * rates.reduce((total, rate) => total + rate ** 2, 0));
}

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}

// The cases of docs/bandwidth.md with a real browser behind a real line. Each returns its figures by name: value, and the bound that it
// must keep when there is one.
import { measure, smallTile, tile, widths } from './line-bench.mjs';
import {
  carried, drops, firstPicture, jain, longestFreeze, picturesPerSecond, queue, queueBelow, receivedRate, shareOfWidth, soundDelay, soundOf,
  switches, yieldedAfter,
} from './line-figures.mjs';
import { waitFor } from './wait.mjs';

const Mb = 1_000_000;

/** A figure with the greatest or the least value that it may have. */
const most = (value, bound) => ({ value, bound, keeps: value <= bound, sign: '<=' });
const least = (value, bound) => ({ value, bound, keeps: value >= bound, sign: '>=' });
const only = (value) => ({ value });

/** The first packet of picture or sound. */
async function firstPacket(viewer) {
  const tracks = () => viewer.recording().then(Object.values);
  await waitFor('something arrives', async () => (await tracks()).some(({ samples }) => samples.at(-1)?.packets > 0), { timeout: 30_000 });
  return Math.min(...(await tracks()).map(({ samples }) => samples.find(({ packets }) => packets > 0)?.at ?? Infinity));
}

const sees = (viewer, width, since, timeout) => waitFor(`a picture ${width} wide`,
  async () => firstPicture((await viewer.recording()).video, since, width) < Infinity, { timeout }).catch(() => {});

function soundFigures(sound, from, to) {
  const { lost, concealed, gap } = soundOf(sound, from, to);
  return { 'sound lost, %': most(lost * 100, 0.2), 'sound made up, %': only(concealed * 100), 'sound gap, ms': most(gap, 400) };
}

/** Goal 1: a wide line from the start. */
export async function wide(bench, { seconds = 6 } = {}) {
  const page = await bench.page();
  bench.line.set(10 * Mb);
  const viewer = await bench.watch(page);
  const start = await firstPacket(viewer);
  await sees(viewer, widths.high, start, 20_000);
  await measure(seconds);
  const { video, audio } = await viewer.recording();
  await page.close();
  const end = Date.now();
  return {
    'best layer after, ms': most(firstPicture(video, start, widths.high), 3000),
    'first picture, ms': only(firstPicture(video, start)),
    'longest freeze, ms': most(longestFreeze(video, start + 1500, end - 300), 1000),
    ...soundFigures(audio, start + 1000, end),
  };
}

/** Goals 2, 4, 5, 12: a thin line from the start, with a queue so long that it could do harm. */
export async function thin(bench, { rate = 0.8 * Mb, fitting = widths.middle, seconds = 60, room = 1000 } = {}) {
  const page = await bench.page();
  bench.line.set(rate, room);
  const viewer = await bench.watch(page);
  const start = await firstPacket(viewer);
  await measure(seconds);
  const end = Date.now();
  const { video, audio } = await viewer.recording();
  await page.close();
  const steady = start + Math.min(10_000, seconds * 500);
  const waits = queue(bench.line, rate, steady, end);
  return {
    'queue in the first 2 s, ms': most(queue(bench.line, rate, start, start + 2000).longest, 500),
    'first picture, ms': most(firstPicture(video, start), 3000),
    'fitting layer, %': least(shareOfWidth(video, fitting, steady, end) * 100, 90),
    'pictures/s': only(picturesPerSecond(video, steady, end)),
    'longest freeze, ms': most(longestFreeze(video, steady, end), 1000),
    'switches': only(switches(video, steady, end)),
    'queue p95, ms': most(waits.p95, 100),
    'queue p99, ms': only(waits.p99),
    'share of the line, %': only(carried(bench.line, steady, end) * 100 / rate),
    'dropped by the line': only(drops(bench.line, start, end)),
    ...soundFigures(audio, start + 1000, end),
  };
}

/** Goals 6, 7, 12: the line falls from 5 to 0.8 Mb/s and is wide again. */
export async function fall(bench, { before = 8, during = 20, after = 10 } = {}) {
  const page = await bench.page();
  bench.line.set(5 * Mb);
  const viewer = await bench.watch(page);
  const start = await firstPacket(viewer);
  await sees(viewer, widths.high, start, 20_000);
  await measure(before);
  const fell = bench.line.set(0.8 * Mb);
  await measure(during);
  const rose = bench.line.set(5 * Mb);
  await sees(viewer, widths.high, rose, 30_000);
  await measure(after);
  const end = Date.now();
  const { video, audio } = await viewer.recording();
  await page.close();
  // What was on its way when the line rose came through the queue.
  const back = firstPicture(video, rose, widths.high);
  return {
    'sent what it carries after, ms': most(yieldedAfter(bench.line, fell, rose), 1200),
    'queue below 50 ms after, ms': most(queueBelow(bench.line, 0.8 * Mb, 50, fell, rose), 3000),
    'longest freeze, ms': most(longestFreeze(video, fell, rose), 2000),
    'fitting layer from 3 s, %': least(shareOfWidth(video, widths.middle, fell + 3000, rose) * 100, 80),
    'sound delay p99 at 0.8 Mb/s, ms': only(soundDelay(audio, fell + 3000, rose)),
    'best layer again after, ms': most(back, 10_000),
    'longest freeze after, ms': most(longestFreeze(video, rose, end - 300), 1000),
    'dropped by the line': only(drops(bench.line, fell, rose)),
    ...soundFigures(audio, start + 1000, end),
  };
}

/** Goal 8: two viewers on one line. */
export async function pair(bench, { rate = 2.5 * Mb, seconds = 60 } = {}) {
  const pages = [await bench.page(), await bench.page()];
  bench.line.set(rate);
  const viewers = await Promise.all(pages.map((page) => bench.watch(page)));
  const start = await firstPacket(viewers[0]);
  await measure(seconds);
  const end = Date.now();
  const recordings = await Promise.all(viewers.map((viewer) => viewer.recording()));
  for (const page of pages) await page.close();
  const steady = start + seconds * 250;
  const rates = recordings.map(({ video, audio }) => receivedRate(video, steady, end) + receivedRate(audio, steady, end));
  const [less, more] = [...rates].sort((a, b) => a - b);
  return {
    'rates apart by, %': most((1 - less / more) * 100, 40),
    'Jain': least(jain(rates), 0.9),
    'share of the line, %': only(carried(bench.line, steady, end) * 100 / rate),
    'longest freeze, ms': most(Math.max(...recordings.map(({ video }) => longestFreeze(video, steady, end))), 1000),
    'queue p95, ms': only(queue(bench.line, rate, steady, end).p95),
    ...worst(recordings.map(({ audio }) => soundFigures(audio, start + 1000, end))),
  };
}

/** Goal 9: beside a long download. */
export async function download(bench, { rate = 3 * Mb, seconds = 60 } = {}) {
  const page = await bench.page();
  bench.line.set(rate);
  const viewer = await bench.watch(page);
  const start = await firstPacket(viewer);
  await sees(viewer, widths.high, start, 20_000);
  const file = await bench.download();
  const since = Date.now();
  await measure(seconds / 3);
  const [steady, loaded] = [Date.now(), file.bytes];
  await measure(seconds * 2 / 3);
  const end = Date.now();
  const { bytes } = file;
  await file.stop();
  const { video, audio } = await viewer.recording();
  await page.close();
  return {
    'picture\'s and sound\'s share, %': least((receivedRate(video, steady, end) + receivedRate(audio, steady, end)) * 100 / rate, 10),
    'download\'s share, %': least((bytes - loaded) * 8000 / (end - steady) * 100 / rate, 15),
    'pictures/s': only(picturesPerSecond(video, steady, end)),
    'longest freeze, ms': only(longestFreeze(video, steady, end)),
    'queue median, ms': only(queue(bench.line, rate, steady, end).median),
    ...soundFigures(audio, since, end),
  };
}

/** A room of six of whom one is behind 1.5 Mb/s. */
async function meeting(bench, join, { rate = 1.5 * Mb, seconds = 40 } = {}) {
  await bench.meet();
  bench.line.set(rate);
  const viewer = await join(bench);
  bench.line.set(rate);
  await viewer.pin();
  const start = Date.now();
  await measure(seconds);
  const end = Date.now();
  const recording = await viewer.recording();
  await viewer.leave();
  const steady = start + seconds * 250;
  const of = (kind) => Object.entries(recording).filter(([name]) => name.endsWith(kind)).sort().map(([, track]) => track);
  const [pinned, ...others] = of('video');
  const small = others.map((track) => shareOfWidth(track, smallTile.width, steady, end) * 100);
  const { median, p95 } = queue(bench.line, rate, steady, end);
  return {
    pinned, others, start, steady, end,
    figures: {
      'people heard': least(of('audio').filter(({ samples }) => samples.at(-1)?.packets > 0).length, 5),
      ...worst(of('audio').map((audio) => soundFigures(audio, steady, end))),
      'longest freeze of anybody, ms': most(Math.max(...of('video').map((video) => longestFreeze(video, steady, end))), 2000),
      'pinned tile in its best layer, %': only(shareOfWidth(pinned, tile.width, steady, end) * 100),
      'others small, least, %': only(Math.min(...small)),
      'share of the line, %': only(carried(bench.line, steady, end) * 100 / rate),
      'queue median, ms': only(median),
      'queue p95, ms': only(p95),
    },
  };
}

export async function meetingByClient(bench, options) {
  const { figures, pinned, steady, end } = await meeting(bench, () => bench.joinByClient(), options);
  return { ...figures, 'pinned tile in its best layer, %': least(shareOfWidth(pinned, tile.width, steady, end) * 100, 90) };
}

export const meetingByRobot = async (bench, options) => (await meeting(bench, () => bench.joinByRobot(), options)).figures;

/** Of the same figures of several viewers, those of the worst-off. */
function worst(all) {
  return Object.fromEntries(Object.keys(all[0]).map((name) => [name, all.map((figures) => figures[name]).reduce((a, b) => (a.value >= b.value ? a : b))]));
}

export const cases = {
  '1: 10 Mb/s from the start': wide,
  '2, 4, 5: 0.8 Mb/s from the start': thin,
  '4, 5: 3 Mb/s from the start': (bench, options) => thin(bench, { rate: 3 * Mb, fitting: widths.high, room: 300, ...options }),
  '6, 7: 5 to 0.8 Mb/s and back': fall,
  '8: two viewers on one line of 2.5 Mb/s': pair,
  '9: a download beside it on 3 Mb/s': download,
  'room: six, livekit-client behind 1.5 Mb/s': meetingByClient,
  'room: six, rtc-node behind 1.5 Mb/s': meetingByRobot,
};

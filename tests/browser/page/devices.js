// Devices for a page that is not ours, the gateway's /meet: a camera, a microphone and a screen of known pictures and
// tones, and meters for what it shows and plays. lib/meet-page.mjs puts it into the page before its own scripts.
import { drawCard } from './test-card.js';
import { drawPortrait } from './portrait.js';
import { ToneMeter, toneTrack } from './tone.js';
import { PictureWatcher } from './watcher.js';

const framesPerSecond = 15;
const watchers = new WeakMap();
const meters = new WeakMap();
const sockets = [];
const tracksOf = new Map();

function pictureTrack(width, height, draw) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  let frame = 0;
  draw(context, frame);
  const timer = setInterval(() => draw(context, ++frame), 1000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  const stop = track.stop.bind(track);
  track.stop = () => { clearInterval(timer); stop(); };
  track.getSettings = () => ({ width, height, frameRate: framesPerSecond });
  return track;
}

/** @param {{turn: number, tone: number, portrait?: object}} person */
function install({ turn, tone, portrait }) {
  const draw = portrait
    ? (context, frame) => drawPortrait(context, frame / framesPerSecond, portrait)
    : (context, frame) => drawCard(context, frame, turn);
  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => new MediaStream([
    ...(audio ? [toneTrack(tone)] : []),
    ...(video ? [pictureTrack(video.width.ideal, video.height.ideal, draw)] : []),
  ]);
  navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([
    pictureTrack(640, 360, (context, frame) => drawCard(context, frame, 3)),
  ]);
  globalThis.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      sockets.push(this);
      this.addEventListener('message', ({ data }) => {
        const { join, update } = JSON.parse(data);
        for (const { name, tracks = [] } of [...(join?.otherParticipants ?? []), ...(update?.participants ?? [])]) tracksOf.set(name, tracks);
      });
    }
  };
}

const tiles = () => [...document.querySelectorAll('.tile')].map((tile) => ({
  tile,
  name: tile.querySelector('.name').textContent,
  kind: tile.dataset.kind,
  video: tile.querySelector('video'),
}));

/** What a tile shows. */
function view(wanted, kind = 'camera') {
  const found = tiles().find(({ name, kind: its }) => its === kind && name.startsWith(wanted));
  if (!found) return null;
  const { tile, video } = found;
  if (!watchers.has(video)) watchers.set(video, new PictureWatcher(video));
  const seen = tile.classList.contains('has-video') ? watchers.get(video).view() : { frames: 0 };
  return {
    ...seen,
    classes: [...tile.classList],
    bars: Number(tile.querySelector('.quality').dataset.bars),
    figures: tile.querySelector('.statistics').textContent,
    line: markOf(tile, '.line-mark').textContent ?? '',
    paused: markOf(tile, '.paused-mark').title ?? '',
  };
}

/** A mark beside the name, if it is shown. */
function markOf(tile, selector) {
  const mark = tile.querySelector(selector);
  return mark.hidden ? {} : mark;
}

function forgetGaps() {
  tiles().forEach(({ video }) => watchers.get(video)?.forgetGaps());
}

/** Which of these tones are heard, one from each track that plays. */
function heard(tones) {
  return [...document.querySelectorAll('audio')].filter(({ paused }) => !paused).map(({ srcObject }) => {
    if (!meters.has(srcObject)) meters.set(srcObject, new ToneMeter(srcObject));
    return tones.find((tone) => {
      const { level, share } = meters.get(srcObject).measure(tone);
      return level > 0.05 && share > 0.8;
    });
  }).filter((tone) => tone !== undefined);
}

/** Ends the page's signaling as a network does that fails. */
const cutSignal = () => sockets.at(-1).close(4000);

/** Tells the page what a gateway says that has no time to send somebody's camera, or has it again. */
function tellPaused(name, isPaused) {
  const { sid: trackSid } = tracksOf.get(name).find(({ source }) => source === 'CAMERA');
  const data = JSON.stringify({ streamStateUpdate: { streamStates: [{ trackSid, ...(isPaused && { state: 'PAUSED' }) }] } });
  sockets.at(-1).dispatchEvent(new MessageEvent('message', { data }));
}

globalThis.devices = { install, view, forgetGaps, heard, cutSignal, tellPaused };

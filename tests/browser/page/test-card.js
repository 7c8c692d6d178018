// A picture that can be checked after any codec: four flat colours on top, a moving bar, and at the bottom the
// wall clock as black and white cells, so that a viewer on the same machine reads the glass-to-glass delay.

export const colours = [[200, 40, 40], [40, 160, 40], [40, 40, 200], [210, 210, 210]];
const clockBits = 20;
const clockModulus = 1 << clockBits;

/** @param turn which colour comes first, so that several people have cards of their own */
export function drawCard(context, frame, turn = 0) {
  const { width, height } = context.canvas;
  colours.forEach((_, index) => {
    context.fillStyle = `rgb(${colours[(index + turn) % colours.length]})`;
    context.fillRect(index * width / 4, 0, width / 4, height / 2);
  });
  context.fillStyle = '#202830';
  context.fillRect(0, height / 2, width, height / 4);
  context.fillStyle = '#f0c040';
  context.fillRect((frame * width / 50) % width, height / 2, width / 20, height / 4);
  drawClock(context);
}

/**
 * Like drawCard, but costly to encode at any rate of frames: a sender needs all the bitrate that it may have.
 * @param moving the part of it that is another in every frame: what stands still costs bits in key frames only, as what a camera sees does
 */
export function noiseCard(context, moving = 1) {
  const { width, height } = context.canvas;
  const tile = new OffscreenCanvas(width / 16, height / 16);
  const pixels = tile.getContext('2d').createImageData(tile.width, tile.height);
  const words = new Uint32Array(pixels.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = 0xff000000 | (Math.random() * 0xffffff);
  tile.getContext('2d').putImageData(pixels, 0, 0);
  context.drawImage(tile, 0, 0, width * 2, height * 2);
  return () => {
    context.save();
    context.beginPath();
    context.rect(0, 0, width * moving, height);
    context.clip();
    context.drawImage(tile, -Math.random() * width, -Math.random() * height, width * 2, height * 2);
    context.restore();
    drawClock(context);
  };
}

function drawClock(context) {
  const { width, height } = context.canvas;
  const value = Date.now() % clockModulus;
  for (let bit = 0; bit < clockBits; bit++) {
    context.fillStyle = (value >> bit) & 1 ? '#ffffff' : '#000000';
    context.fillRect(Math.floor(bit * width / clockBits), Math.floor(height * 3 / 4), Math.ceil(width / clockBits), Math.ceil(height / 4));
  }
}

/** What a viewer sees: the four colours, and the age of the picture in milliseconds. */
export function readCard(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0);
  const now = Date.now() % clockModulus;
  const average = (x, y) => {
    const { data } = context.getImageData(Math.round(x * canvas.width) - 2, Math.round(y * canvas.height) - 2, 4, 4);
    const sum = [0, 0, 0];
    for (let i = 0; i < data.length; i++) if (i % 4 < 3) sum[i % 4] += data[i];
    return sum.map((value) => Math.round(value / (data.length / 4)));
  };
  let clock = 0;
  for (let bit = 0; bit < clockBits; bit++) {
    if (average((bit + 0.5) / clockBits, 7 / 8)[1] > 127) clock |= 1 << bit;
  }
  return {
    colours: colours.map((_, index) => average((index + 0.5) / 4, 0.25)),
    age: (now - clock + clockModulus) % clockModulus,
  };
}

// What to send: camera, screen, or a test pattern for machines that have neither.

/** @returns {Promise<{stream: MediaStream, label: string, release: () => void}>} */
export async function openSource(kind) {
  if (kind === "screen") {
    return captured(await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 30 }, audio: true }), "Screen");
  }
  if (kind === "camera") {
    const stream = await cameraStream();
    if (stream) {
      return captured(stream, "Camera");
    }
  }
  return testPattern();
}

/** The camera, or null where there is none; a refusal by the user is theirs and stays an error. */
async function cameraStream() {
  if (!navigator.mediaDevices) {
    return null;
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
      audio: true,
    });
  } catch (error) {
    if (error.name === "NotFoundError") {
      return null;
    }
    throw error;
  }
}

function captured(stream, label) {
  return { stream, label, release: () => stream.getTracks().forEach((track) => track.stop()) };
}

const width = 1280;
const height = 720;
const framesPerSecond = 30;
const toneHertz = 440;
const barColours = ["#c0c0c0", "#c0c000", "#00c0c0", "#00c000", "#c000c0", "#c00000", "#0000c0"];

async function testPattern() {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  const start = performance.now();
  let frame = 0;
  const draw = () => drawPattern(context, performance.now() - start, frame++);
  draw();
  const timer = setInterval(draw, 1000 / framesPerSecond);
  const video = canvas.captureStream(framesPerSecond);
  const tone = await openTone();
  const stream = new MediaStream([...video.getTracks(), ...tone.stream.getTracks()]);
  return {
    stream,
    label: "Test pattern",
    release: () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      tone.close();
    },
  };
}

/** Colour bars, a moving disc, a clock and a frame counter: freezes, tears and wrong colours all show. */
function drawPattern(context, elapsed, frame) {
  const barWidth = width / barColours.length;
  barColours.forEach((colour, index) => {
    context.fillStyle = colour;
    context.fillRect(Math.floor(index * barWidth), 0, Math.ceil(barWidth), height * 0.7);
  });
  context.fillStyle = "#101418";
  context.fillRect(0, height * 0.7, width, height * 0.3);
  const turn = (elapsed / 4000) * 2 * Math.PI;
  context.fillStyle = "#ffffff";
  context.beginPath();
  context.arc(width / 2 + Math.cos(turn) * width * 0.4, height * 0.35 + Math.sin(turn) * height * 0.22, 44, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#e8eaee";
  context.font = "600 84px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(new Date().toISOString().slice(11, 23), 48, height * 0.85);
  context.textAlign = "right";
  context.fillText(String(frame).padStart(6, "0"), width - 48, height * 0.85);
}

/** A soft tone with a pulse a second, so that silence and stutter can be heard. */
async function openTone() {
  const audio = new AudioContext();
  const oscillator = new OscillatorNode(audio, { frequency: toneHertz });
  const pulse = new OscillatorNode(audio, { frequency: 1 });
  const depth = new GainNode(audio, { gain: 0.05 });
  const volume = new GainNode(audio, { gain: 0.1 });
  const output = audio.createMediaStreamDestination();
  oscillator.connect(volume).connect(output);
  pulse.connect(depth).connect(volume.gain);
  oscillator.start();
  pulse.start();
  await audio.resume();
  return { stream: output.stream, close: () => audio.close() };
}

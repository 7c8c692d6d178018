// Where our own pictures and sound come from, and in which encodings they are sent.

/**
 * A track with what the gateway and the connection need to know of it.
 * @typedef {object} Capture
 * @property {MediaStreamTrack} track
 * @property {"CAMERA"|"MICROPHONE"|"SCREEN_SHARE"|"SCREEN_SHARE_AUDIO"} source
 * @property {number} [width]
 * @property {number} [height]
 * @property {RTCRtpEncodingParameters[]} encodings
 * @property {object[]} layers the encodings as addTrack describes them
 */

/** @returns {Promise<Capture>} */
export async function openMicrophone() {
  const stream = await media().getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  return audioCapture(stream.getAudioTracks()[0], "MICROPHONE");
}

/** @returns {Promise<Capture>} */
export async function openCamera(height) {
  const width = Math.round(height * 16 / 9);
  const stream = await media().getUserMedia({
    video: { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 30 } },
  });
  const track = stream.getVideoTracks()[0];
  track.contentHint = "motion";
  return videoCapture(track, "CAMERA", cameraEncodings);
}

/** @returns {Promise<Capture[]>} the screen, and its sound where the browser gives it */
export async function openScreen() {
  const stream = await media().getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true });
  const [video] = stream.getVideoTracks();
  video.contentHint = "detail";
  return [
    videoCapture(video, "SCREEN_SHARE", screenEncodings),
    ...stream.getAudioTracks().map((track) => audioCapture(track, "SCREEN_SHARE_AUDIO")),
  ];
}

function media() {
  if (!navigator.mediaDevices) {
    throw new Error("The browser gives camera and microphone only to pages over HTTPS or on localhost.");
  }
  return navigator.mediaDevices;
}

function audioCapture(track, source) {
  return { track, source, encodings: [{}], layers: [] };
}

function videoCapture(track, source, encodingsFor) {
  const { width = 1280, height = 720 } = track.getSettings();
  const encodings = encodingsFor(Math.min(width, height));
  return { track, source, width, height, encodings, layers: encodings.map((encoding) => layerOf(encoding, width, height)) };
}

/** Simulcast: up to three encodings, each half as wide as the next, so that every subscriber can have what it shows. */
function cameraEncodings(height) {
  if (height >= 540) {
    return [
      { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
      { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
      { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ];
  }
  if (height >= 270) {
    return [
      { rid: "q", scaleResolutionDownBy: 2, maxBitrate: 150_000 },
      { rid: "h", scaleResolutionDownBy: 1, maxBitrate: 500_000 },
    ];
  }
  return [{ maxBitrate: 200_000 }];
}

function screenEncodings() {
  return [
    { rid: "q", scaleResolutionDownBy: 2, maxBitrate: 300_000, maxFramerate: 5 },
    { rid: "h", scaleResolutionDownBy: 1, maxBitrate: 2_500_000 },
  ];
}

const qualities = { q: "LOW", h: "MEDIUM", f: "HIGH" };

function layerOf({ rid, scaleResolutionDownBy = 1, maxBitrate }, width, height) {
  return {
    quality: qualities[rid] ?? "HIGH",
    rid,
    width: Math.round(width / scaleResolutionDownBy),
    height: Math.round(height / scaleResolutionDownBy),
    bitrate: maxBitrate,
  };
}

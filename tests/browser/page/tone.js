// A tone that can be recognised after any audio codec, by Goertzel's algorithm.

let context;

export function audioContext() {
  context ??= new AudioContext();
  context.resume();
  return context;
}

export function toneTrack(frequency) {
  const audio = audioContext();
  const oscillator = new OscillatorNode(audio, { frequency });
  const gain = new GainNode(audio, { gain: 0.5 });
  const destination = new MediaStreamAudioDestinationNode(audio);
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  return destination.stream.getAudioTracks()[0];
}

/** Measures how much of a stream's sound is one tone: 1 = nothing else, 0 = none of it. */
export class ToneMeter {
  #analyser;
  #samples;

  constructor(stream) {
    const audio = audioContext();
    this.#analyser = new AnalyserNode(audio, { fftSize: 4096 });
    this.#samples = new Float32Array(4096);
    audio.createMediaStreamSource(stream).connect(this.#analyser);
  }

  measure(frequency) {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let total = 0;
    for (const sample of this.#samples) total += sample * sample;
    const meanSquare = total / this.#samples.length;
    return {
      level: Math.sqrt(meanSquare),
      share: meanSquare === 0 ? 0 : power(this.#samples, frequency, this.#analyser.context.sampleRate) / meanSquare,
    };
  }
}

/** The mean square of the sine of that frequency in the samples. */
function power(samples, frequency, sampleRate) {
  const omega = 2 * Math.PI * frequency / sampleRate;
  let [re, im] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    re += samples[i] * Math.cos(omega * i);
    im += samples[i] * Math.sin(omega * i);
  }
  const amplitude = 2 * Math.hypot(re, im) / samples.length;
  return amplitude * amplitude / 2;
}

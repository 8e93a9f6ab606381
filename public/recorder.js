/**
 * Runs in the browser's audio thread for the microphone page (app/live/[slug]/microphone): hands on what the microphone hears, one
 * channel, in pieces of about a twentieth of a second.
 */
const pieceSamples = 2048;

class Recorder extends AudioWorkletProcessor {
  piece = new Float32Array(pieceSamples);
  filled = 0;

  process([channels]) {
    const samples = channels[0];
    if (samples === undefined) return true;
    this.piece.set(samples, this.filled);
    this.filled += samples.length;
    if (this.filled === pieceSamples) {
      this.port.postMessage(this.piece, [this.piece.buffer]);
      this.piece = new Float32Array(pieceSamples);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('recorder', Recorder);

import type { Clip } from '#scoring/baseline/corpus/clips.ts';
import { sampleRateHz } from '#scoring/baseline/features.ts';

/** Eight short texts of which no two are equal. */
export const toneTexts = ['кот', 'но так', 'ток', 'тут кино', 'о', 'кит и кот', 'нет', 'и утки'];

const lettersHz = new Map([...'аеиоуткн'].map((letter, index) => [letter, 300 + 380 * index]));
const letterSamples = 0.12 * sampleRateHz;

/** Speech as a machine might invent it: each letter a tone of its own, a space a pause. Mono, 8 kHz, −1 to 1. */
export function tonesOf(text: string): Float32Array {
  return Float32Array.from({ length: text.length * letterSamples }, (_, at) => {
    const hertz = lettersHz.get(text[Math.floor(at / letterSamples)]!);
    const within = (at % letterSamples) / letterSamples;
    return hertz === undefined || within > 0.8 ? 0 : 0.3 * Math.sin((2 * Math.PI * hertz * at) / sampleRateHz);
  });
}

export function toneClip(text: string, source: Clip['source'] = 'recorded'): Clip {
  const samples = tonesOf(text);
  const seconds = samples.length / sampleRateHz;
  return { id: text, text, source, voice: 'tones', seconds, readSamples: async () => samples };
}

import type { Sound } from '#scoring/baseline/browser-listener.ts';
import type { Source } from './listen.ts';

/** Larger files hold more than anybody wants to hear here, and decoding takes a hundred times their memory. */
export const mostFileBytes = 32 * 2 ** 20;

/** A WAV goes to our own reader. */
export function isWav(bytes: Uint8Array): boolean {
  return bytes.length > 12 && String.fromCharCode(...bytes.subarray(0, 4)) === 'RIFF';
}

/** Whatever this browser plays, as one channel; null where it cannot decode it. */
export async function decodeByBrowser(bytes: Uint8Array<ArrayBuffer>): Promise<Source | null> {
  try {
    // Taken apart here and not at 8 kHz, so that one filter of ours brings every sound down to it.
    const context = new OfflineAudioContext(1, 1, 48_000);
    const decoded = await context.decodeAudioData(bytes.slice().buffer);
    return { samples: mixDown(decoded), sampleRateHz: decoded.sampleRate };
  } catch {
    return null;
  }
}

function mixDown(decoded: AudioBuffer): Float32Array {
  const mixed = new Float32Array(decoded.length);
  for (let channel = 0; channel < decoded.numberOfChannels; channel += 1) {
    const samples = decoded.getChannelData(channel);
    for (let i = 0; i < mixed.length; i += 1) mixed[i]! += samples[i]! / decoded.numberOfChannels;
  }
  return mixed;
}

/** A 16-bit WAV, to be played. */
export function wavOf({ samples, sampleRateHz }: Sound): Blob {
  const bytes = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const write = (at: number, text: string) => {
    for (let i = 0; i < text.length; i += 1) bytes.setUint8(at + i, text.charCodeAt(i));
  };
  write(0, 'RIFF');
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  write(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, sampleRateHz, true);
  bytes.setUint32(28, 2 * sampleRateHz, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  write(36, 'data');
  bytes.setUint32(40, 2 * samples.length, true);
  for (const [i, sample] of samples.entries()) {
    bytes.setInt16(44 + 2 * i, Math.round(32_767 * Math.min(1, Math.max(-1, sample))), true);
  }
  return new Blob([bytes], { type: 'audio/wav' });
}

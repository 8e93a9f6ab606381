import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeWithFfmpeg, hasFfmpeg } from '#lib/datasets/ffmpeg.ts';
import { findSound, readSound } from '#scoring/baseline/sound.ts';
import { aWav, samples16 } from '../wav-files.ts';

// Programs start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'rostrum-ffmpeg-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasFfmpeg())('where ffmpeg is installed (apt install ffmpeg), a recording', () => {
  const seconds = 2;
  const tone = Array.from({ length: 16_000 * seconds }, (_, i) => Math.round(12_000 * Math.sin(i * 0.2)));
  const wav = join(folder, 'tone.wav');
  beforeAll(() => {
    writeFileSync(wav, aWav({ sampleRateHz: 16_000, data: samples16(tone) }));
    for (const name of ['tone.flac', 'tone.mp3', 'tone.opus', 'tone.ogg']) {
      execFileSync('ffmpeg', ['-loglevel', 'error', '-i', wav, join(folder, name)]);
    }
  });

  test.each(['flac', 'mp3', 'opus', 'ogg'])('in %s is heard as the WAV it was made of', (extension) => {
    const asWav = readSound({ path: wav, stretch: null, seconds });
    const decoded = readSound({ path: join(folder, `tone.${extension}`), stretch: null, seconds });
    // Encoders pad the ends by less than a tenth of a second.
    expect(Math.abs(decoded.length - asWav.length)).toBeLessThan(800);
    const loudness = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    const ratio = loudness(decoded.subarray(2000, 14_000)) / loudness(asWav.subarray(2000, 14_000));
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  test('is found with its length, told by its container or its frames', () => {
    for (const name of ['tone.flac', 'tone.mp3', 'tone.opus', 'tone.ogg', 'tone.wav']) {
      const found = findSound(join(folder, name));
      if ('code' in found) throw new Error(`${name}: ${found.code}`);
      expect(Math.abs(found.seconds - seconds), name).toBeLessThan(0.15);
    }
  });

  test('is heard from where its stretch begins, as long as it is', () => {
    const stretch = { startSeconds: 0.5, durationSeconds: 1 };
    expect(decodeWithFfmpeg(join(folder, 'tone.flac'), 'flac', 8000, stretch)).toHaveLength(8000);
  });

  test('that is damaged, or a playlist by another name, is refused with its path', () => {
    const stretch = { startSeconds: 0, durationSeconds: 1 };
    const broken = join(folder, 'broken.ogg');
    writeFileSync(broken, readFileSync(join(folder, 'tone.ogg')).fill(0, 30));
    const playlist = join(folder, 'list.mp3');
    writeFileSync(playlist, `#EXTM3U\n#EXTINF:1,\nfile://${wav}\n`);
    for (const path of [broken, playlist]) {
      const extension = path.endsWith('.ogg') ? 'ogg' : 'mp3';
      expect(() => decodeWithFfmpeg(path, extension, 8000, stretch)).toThrow(path);
    }
  });
});

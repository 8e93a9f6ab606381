import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleRateHz } from '#scoring/baseline/features.ts';
import { resample } from '#scoring/baseline/resample.ts';
import { findSound, readSound } from '#scoring/baseline/sound.ts';

/** Where Debian's packages pocketsphinx and pocketsphinx-en-us put the model. */
const english = '/usr/share/pocketsphinx/model/en-us';
const itsRateHz = 16_000;
/** It takes about as long as the recordings last. */
const every = 20;

/**
 * Processor seconds that pocketsphinx takes for a second of sound, with the model and the settings of its package, loading it not
 * counted; null where it is not installed. It knows English only: what it writes is no matter here. It hears every 20th recording.
 */
export function pocketsphinxPerSecond(paths: readonly string[]): number | null {
  if (!existsSync(join(english, 'en-us.lm.bin')) || spawnSync('pocketsphinx_batch').error) return null;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-bench-'));
  try {
    writeFileSync(join(folder, 'list'), writeSounds(paths, folder).join('\n'));
    const { stderr } = spawnSync('pocketsphinx_batch', argumentsIn(folder), { encoding: 'utf8', maxBuffer: 1 << 28 });
    const share = /AVERAGE ([\d.]+) xRT \(CPU\)/.exec(stderr)?.[1];
    if (share === undefined) throw new Error(`pocketsphinx_batch said: ${stderr.slice(-500)}`);
    return Number(share);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeSounds(paths: readonly string[], folder: string): string[] {
  const heard = [...paths].sort().filter((_, i) => i % every === 0);
  for (const [i, path] of heard.entries()) {
    const file = findSound(path);
    if ('code' in file) throw new Error(`${path}: ${file.code}`);
    const samples = resample(readSound(file), sampleRateHz, itsRateHz);
    writeFileSync(
      join(folder, `${i}.raw`),
      Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767)),
    );
  }
  return heard.map((_, i) => String(i));
}

function argumentsIn(folder: string): string[] {
  const sounds = ['-adcin', 'yes', '-cepdir', folder, '-cepext', '.raw', '-ctl', join(folder, 'list')];
  const model = ['-hmm', join(english, 'en-us'), '-lm', join(english, 'en-us.lm.bin')];
  return [...sounds, '-hyp', join(folder, 'texts'), ...model, '-dict', join(english, 'cmudict-en-us.dict')];
}

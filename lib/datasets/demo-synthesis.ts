import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Split } from '#lib/competition.ts';
import { csv } from '#lib/csv.ts';
import { demoPhrases } from '#lib/datasets/demo-phrases.ts';
import type { DemoTrouble } from '#lib/datasets/demo-speech.ts';

/*
 * eSpeak NG (GPL-3.0) is an optional package: never bundled, called as the command-line program that it is. What it speaks is
 * free of its licence.
 */

const voices = ['ru', 'ru+f2', 'ru+m3', 'ru+f4'];

export async function synthesisePhrases(folder: string): Promise<DemoTrouble | null> {
  let synthesiser: typeof import('espeak-ng');
  try {
    synthesiser = await import('espeak-ng');
  } catch {
    return { code: 'no-synthesiser', details: '' };
  }
  await mkdir(join(folder, 'sounds'));
  const rows: string[][] = [];
  for (const [index, text] of demoPhrases.entries()) {
    const id = phraseId(index);
    const voice = voices[index % voices.length]!;
    const program = await synthesiser.default({
      arguments: ['-v', voice, '-w', 'speech.wav', text],
      print: () => {},
      printErr: () => {},
    });
    await writeFile(join(folder, 'sounds', `${id}.wav`), program.FS.readFile('speech.wav'));
    rows.push([id, `sounds/${id}.wav`, text, splitOf(index), voice]);
  }
  await writeFile(join(folder, 'manifest.csv'), csv(['id', 'audio', 'text', 'split', 'voice'], rows));
  return null;
}

/** The name of a phrase by its place in demoPhrases. */
export function phraseId(index: number): string {
  return `phrase-${String(index + 1).padStart(2, '0')}`;
}

/** Half of the phrases are tested, every voice in every split. */
export function splitOf(index: number): Split {
  const round = Math.floor(index / voices.length) % 5;
  if (round < 2) return 'test';
  return round === 2 ? 'dev' : round === 3 ? 'train' : 'test';
}

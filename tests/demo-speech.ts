import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csv } from '#lib/csv.ts';
import { demoPhrases } from '#lib/datasets/demo-phrases.ts';
import type { DemoSpeech } from '#lib/datasets/demo-speech.ts';
import { phraseId, splitOf } from '#lib/datasets/demo-synthesis.ts';
import { aWav, samples16 } from './wav-files.ts';

/** The demo's phrases as if they had been spoken: sounds do not matter here, the folder below `home` is a real one. */
export function aDemoSpeech(home: string): DemoSpeech {
  mkdirSync(join(home, 'demo/sounds'), { recursive: true });
  const rows = demoPhrases.map((text, i) => {
    writeFileSync(join(home, `demo/sounds/${i}.wav`), aWav({ data: samples16(new Array(16_000).fill(i)) }));
    return [phraseId(i), `sounds/${i}.wav`, text, splitOf(i)];
  });
  const manifest = join(home, 'demo/manifest.csv');
  writeFileSync(manifest, csv(['id', 'audio', 'text', 'split'], rows));
  return { kind: 'synthesised', manifest };
}

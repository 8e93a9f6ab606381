import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchRecordedPrompts } from '#lib/datasets/demo-recordings.ts';
import { synthesisePhrases } from '#lib/datasets/demo-synthesis.ts';

/** Speech for the demo, as a folder with a manifest that `rostrum import` reads. */
export type DemoSpeech = { kind: 'recorded' | 'synthesised'; manifest: string };

export type DemoStep = 'fetch' | 'synthesise';
/** Why there is none: messages `cli.demo-${code}`, with what the failing program said. */
export type DemoTrouble = {
  code: 'no-apt' | 'not-downloaded' | 'timed-out' | 'not-unpacked' | 'other-contents' | 'no-synthesiser';
  details: string;
};
export type DemoOutcome = { status: 'ready'; speech: DemoSpeech } | { status: 'absent'; troubles: DemoTrouble[] };

/** Fills a folder with a manifest and recordings, or says why it cannot. */
export type DemoMaker = (folder: string) => Promise<DemoTrouble | null>;

const makers: readonly { kind: DemoSpeech['kind']; step: DemoStep; make: DemoMaker }[] = [
  { kind: 'recorded', step: 'fetch', make: fetchRecordedPrompts },
  { kind: 'synthesised', step: 'synthesise', make: synthesisePhrases },
];

/**
 * Speech for the demo from `demo/` under `home`, made there where it is not yet: real recordings, or else synthesised ones. What
 * was there before is kept: a demo does not change under the people who look at it.
 */
export async function provideDemoSpeech(home: string, onStep: (step: DemoStep) => void): Promise<DemoOutcome> {
  for (const { kind } of makers) {
    const manifest = join(home, 'demo', kind, 'manifest.csv');
    if (await isFile(manifest)) return { status: 'ready', speech: { kind, manifest } };
  }
  const troubles: DemoTrouble[] = [];
  for (const { kind, step, make } of makers) {
    onStep(step);
    const trouble = await makeWhole(join(home, 'demo', kind), make);
    if (trouble === null)
      return { status: 'ready', speech: { kind, manifest: join(home, 'demo', kind, 'manifest.csv') } };
    troubles.push(trouble);
  }
  return { status: 'absent', troubles };
}

/** The folder is there finished or not at all. */
export async function makeWhole(folder: string, make: DemoMaker): Promise<DemoTrouble | null> {
  const unfinished = `${folder}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const trouble = await make(unfinished);
    if (trouble === null) await rename(unfinished, folder);
    return trouble;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}

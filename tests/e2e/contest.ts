import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '#lib/settings.ts';
import { aWav } from '../wav-files.ts';
import { ofThisTry } from './people.ts';

/*
 * A competition as its owner opens it: with the command line, from a folder of recordings and a manifest.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export type Contest = {
  slug: string;
  folder: string;
  /** id → reference, of the test split and of dev. */
  test: Map<string, string>;
  dev: Map<string, string>;
};

/** Of the product that all browser tests share. */
export function ownerEnvironment(): Environment {
  return JSON.parse(process.env.ROSTRUM_TEST_OWNER ?? '{}') as Environment;
}

export async function rostrum(...args: string[]): Promise<string> {
  const env = ownerEnvironment();
  const { stdout } = await run('node', [join(root, 'dist/rostrum.mjs'), ...args], {
    env: { ...env } as NodeJS.ProcessEnv,
  });
  return stdout;
}

const day = 24 * 3600 * 1000;
const at = (days: number) => new Date(Date.now() + days * day).toISOString();

/** Recordings and a manifest in a folder: eight of test, three of dev, three of train. */
export function aDatasetFolder(folder: string): {
  manifest: string;
  test: Map<string, string>;
  dev: Map<string, string>;
} {
  mkdirSync(join(folder, 'audio'), { recursive: true });
  const words = [
    'раз',
    'два',
    'три',
    'четыре',
    'пять',
    'шесть',
    'семь',
    'восемь',
    'девять',
    'десять',
    'сто',
    'тысяча',
    'ноль',
    'плюс',
  ];
  const splits = [...Array(8).fill('test'), ...Array(3).fill('dev'), ...Array(3).fill('train')] as string[];
  const rows = splits.map((split, i) => {
    const id = `u${String(i + 1).padStart(2, '0')}`;
    // Each recording is of its own content, five seconds long.
    const data = new Uint8Array(8000 * 2 * 5).fill(i + 1);
    writeFileSync(join(folder, 'audio', `${id}.wav`), aWav({ data }));
    return {
      id,
      split,
      noise: i % 2 === 0 ? 'да' : 'нет',
      text: `проверка связи ${words[i]} приём ${words[(i * 5) % words.length]}`,
    };
  });
  const manifest = join(folder, 'manifest.csv');
  const lines = rows.map(({ id, split, noise, text }) => `${id},audio/${id}.wav,${text},${split},${noise}`);
  writeFileSync(manifest, `id,audio,text,split,noise\n${lines.join('\n')}\n`);
  const textsOf = (name: string) =>
    new Map(rows.filter(({ split }) => split === name).map(({ id, text }) => [id, text]));
  return { manifest, test: textsOf('test'), dev: textsOf('dev') };
}

/** Published and open in every way, with its data. */
export async function aContest(name: string, settings: readonly string[] = []): Promise<Contest> {
  const slug = ofThisTry(name);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-home-'));
  const { manifest, test, dev } = aDatasetFolder(folder);
  const opened = [
    'registration-start',
    'team-changes-start',
    'train-release',
    'dev-release',
    'test-release',
    'submissions-start',
  ];
  const ends = ['registration-end', 'team-changes-end', 'submissions-end'];
  await rostrum(
    'competition',
    'create',
    slug,
    'name-ru=Распознавание речи',
    'name-en=Speech recognition',
    'brief-ru=Распознайте **речь**.',
    'brief-en=Recognise **speech**.',
    ...opened.map((key) => `${key}=${at(-1)}`),
    ...ends.map((key) => `${key}=${at(7)}`),
    `publish=${at(-1)}`,
    'public-fold=50',
    ...settings,
  );
  await rostrum('import', manifest, '--competition', slug, '--licence', 'CC0-1.0', '--attribution', 'Синтез');
  return { slug, folder, test, dev };
}

/** A predictions file in which the first `wrong` words of every utterance are other ones. */
export function predictions(test: ReadonlyMap<string, string>, wrong: number): Buffer {
  const lines = [...test].map(([id, text]) => {
    const said = text.split(' ').map((word, i) => (i < wrong ? 'мимо' : word));
    return `${id},${said.join(' ')}`;
  });
  return Buffer.from(`id,text\n${lines.join('\n')}\n`);
}

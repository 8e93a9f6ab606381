import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileBytes, FileSource } from '#lib/predictions/source.ts';
import {
  type References,
  readReferences,
  readReferencesPlainly,
  type ScoreOptions,
  scoreFile,
  scoreFilePlainly,
} from '#scoring/corpus.ts';
import { createNormaliser, type Normaliser, type ProfileName } from '#scoring/wer/normalise.ts';
import { fileSource } from '../../bin/commands/file-source.ts';
import { type Figure, median } from './measure.ts';
import { shuffled, workload, write } from './workload.ts';

const runs = 7;
const utterances = 100_000;

/** Times are of the processor. Files are in Kaldi text where nothing else is said, and read anew each time. */
export async function score(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-score-'));
  try {
    const files = writeFiles(folder);
    const sclite = scliteSeconds(files.trn);
    const cold = coldRuns(files.kaldi);
    return [...coldFigures(cold, sclite), ...warmFigures(files), ...plainFigures(files.kaldi, sclite)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Pair = { reference: string; hypothesis: string };

function writeFiles(folder: string) {
  const all = workload(utterances);
  const mixed = shuffled(all);
  const pair = (format: 'kaldi' | 'trn' | 'csv' | 'jsonl', some = all): Pair => ({
    reference: write(folder, `reference-${some.length}`, format, 'reference', some),
    hypothesis: write(folder, `hypothesis-${some.length}`, format, 'hypothesis', some),
  });
  const kaldi = pair('kaldi');
  return {
    kaldi,
    trn: pair('trn'),
    csv: pair('csv'),
    jsonl: pair('jsonl'),
    few: pair('kaldi', all.slice(0, utterances / 10)),
    mixed: { reference: kaldi.reference, hypothesis: write(folder, 'mixed', 'kaldi', 'hypothesis', mixed) },
  };
}

/** Once: it takes half a minute. Null where it is not installed. */
function scliteSeconds({ reference, hypothesis }: Pair): number | null {
  const named = ['sclite', 'sctk sclite'].find(
    (name) => spawnSync('sh', ['-c', `${name} 2>&1 | grep -q Version`]).status === 0,
  );
  if (named === undefined) return null;
  return secondsOf(`${named} -r ${reference} trn -h ${hypothesis} trn -i rm -e utf-8 -o rsum stdout`);
}

/** Processor time of a command, as the shell tells it. */
function secondsOf(command: string): number {
  const timed = `TIMEFORMAT='%U %S'; time ${command} > /dev/null`;
  const { status, stderr } = spawnSync('bash', ['-c', timed], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed\n${stderr}`);
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return user! + system!;
}

type Cold = { seconds: number; megabytes: number };

const tellsMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\n"+process.resourceUsage().maxRSS))';

/** Time and memory of different runs: what tells the memory takes time. */
function coldRuns({ reference, hypothesis }: Pair): Cold[] {
  const command = ['dist/rostrum.mjs', 'score', '--ref', reference, '--hyp', hypothesis, '--json'];
  return Array.from({ length: runs }, () => {
    const seconds = secondsOf([process.execPath, ...command].join(' '));
    const { stderr } = spawnSync(process.execPath, ['--import', tellsMemory, ...command], { encoding: 'utf8' });
    return { seconds, megabytes: Number(stderr.trim().split('\n').at(-1)) / 1000 };
  });
}

function coldFigures(cold: readonly Cold[], sclite: number | null): Figure[] {
  const seconds = median(cold.map((run) => run.seconds));
  const figures: Figure[] = [
    { what: 'rostrum score --json, a process of its own', value: seconds, unit: 's', most: 0.25 },
    { what: 'its memory at most', value: median(cold.map((run) => run.megabytes)), unit: 'MB', most: 100 },
  ];
  if (sclite === null) return figures;
  return [
    ...figures,
    { what: 'sclite, once', value: sclite, unit: 's' },
    { what: 'ours as a share of sclite’s time', value: seconds / sclite, unit: '×', most: 0.01 },
  ];
}

function warmFigures({ kaldi, csv, jsonl, mixed, few }: ReturnType<typeof writeFiles>): Figure[] {
  const once = (pair: Pair, profile: ProfileName = 'raw', options = onlyWords) =>
    milliseconds(() => {
      const references = referencesOf(sourceOf(pair.reference), profile);
      const scored = scoreFile(references, sourceOf(pair.hypothesis), options);
      references.release();
      return scored;
    });
  const resident = (pair: Pair) => {
    const references = referencesOf(sourceOf(pair.reference), 'raw');
    return milliseconds(() => scoreFile(references, readFileSync(pair.hypothesis), onlyWords));
  };
  const plain = once(kaldi);
  const against = (what: string, pair: Pair): Figure => ({ what, value: once(pair) / plain, unit: '×', most: 1.5 });
  return [
    { what: 'both files, warm', value: plain, unit: 'ms', most: 70 },
    { what: 'another file against the same references', value: resident(kaldi), unit: 'ms', most: 45 },
    { what: 'the same of 10,000 utterances', value: resident(few), unit: 'ms', most: 5 },
    { what: 'both files under the profile ru', value: once(kaldi, 'ru'), unit: 'ms', most: 120 },
    {
      what: 'both files, characters too',
      value: once(kaldi, 'raw', { characters: 'with-spaces' }),
      unit: 'ms',
      most: 110,
    },
    against('JSON Lines against Kaldi text', jsonl),
    against('CSV against Kaldi text', csv),
    against('shuffled against ordered', mixed),
  ];
}

const onlyWords: ScoreOptions = { characters: null };

function sourceOf(path: string): FileSource {
  const source = fileSource(path);
  if (source === null) throw new Error('the workload is in files');
  return source;
}

function referencesOf<File extends FileBytes>(
  file: File,
  profile: ProfileName,
  read: (file: File, normaliser: Normaliser) => ReturnType<typeof readReferences> = readReferences,
): References {
  const found = read(file, createNormaliser(profile));
  if (!found.ok) throw new Error('the workload is sound');
  return found.references;
}

function plainFigures(kaldi: Pair, sclite: number | null): Figure[] {
  const run = () => {
    const references = referencesOf(readFileSync(kaldi.reference), 'raw', readReferencesPlainly);
    return scoreFilePlainly(references, readFileSync(kaldi.hypothesis), onlyWords);
  };
  const value = milliseconds(run, 3);
  const figure: Figure = { what: 'both files in TypeScript alone, warm', value, unit: 'ms' };
  if (sclite === null) return [figure];
  return [
    figure,
    { what: 'TypeScript as a share of sclite’s time', value: value / 1000 / sclite, unit: '×', most: 0.05 },
  ];
}

/** Processor time, once everything is compiled. */
function milliseconds(act: () => { ok: boolean }, times = runs): number {
  const measured = Array.from({ length: times + 2 }, () => {
    const begun = process.cpuUsage();
    if (!act().ok) throw new Error('the workload is sound');
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
  return median(measured.slice(2));
}

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv } from '#lib/csv.ts';
import { withFile } from '#lib/datasets/file-source.ts';
import { inspectWav } from '#lib/datasets/wav.ts';
import { recordedClips } from '#scoring/baseline/corpus/recorded.ts';
import { writeModel } from '#scoring/baseline/model-folder.ts';
import { anUntrainedModel } from '../baseline-model.ts';
import { type Figure, median } from './measure.ts';
import { pocketsphinxPerSecond } from './pocketsphinx.ts';
import { cpuSeconds } from './processes.ts';

const root = join(import.meta.dirname, '../..');
const shipped = join(root, 'scoring/baseline/shipped');
const rounds = 3;

/**
 * Every prompt of the demo's packages that can be read, about 25 minutes of sound, from files to texts. The shipped model, or one of
 * its size that has learned nothing: the time is the same, but for the language model's.
 */
export async function baseline(): Promise<Figure[]> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'rostrum-bench-'));
  try {
    const prompts = await listPrompts(home);
    const model = existsSync(join(shipped, 'model.json')) ? shipped : await writeUntrained(home);
    const greedy = await measured(prompts.folder, model, ['--greedy']);
    const peer = pocketsphinxPerSecond(prompts.paths);
    const beam = model === shipped ? await measured(prompts.folder, model, []) : null;
    return [
      ...figuresOf('greedy', greedy),
      ...(beam === null ? [] : figuresOf('with the language model', beam)),
      ...peerFigures(beam ?? greedy, prompts.seconds, peer),
      { what: 'memory at most', value: Math.max(greedy.megabytes, beam?.megabytes ?? 0), unit: 'MB', most: 400 },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A folder with a manifest of all prompts. Their texts do not matter to the clock. */
async function listPrompts(home: string): Promise<{ folder: string; paths: readonly string[]; seconds: number }> {
  const clips = await recordedClips(home);
  if (clips.status === 'absent') throw new Error(`no recordings: ${clips.trouble.code} ${clips.trouble.details}`);
  const folder = join(home, 'demo/recorded/sounds');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.wav'))
    .map((path) => ({ path, reading: withFile(join(folder, path), inspectWav) }));
  const read = found.flatMap(({ path, reading }) => (reading.status === 'read' ? [{ path, ...reading }] : []));
  const rows = read.map(({ path }) => [path, path, 'да', 'test']);
  writeFileSync(join(folder, 'manifest.csv'), csv(['id', 'audio', 'text', 'split'], rows));
  const seconds = read.reduce((sum, { header }) => sum + header.durationSeconds, 0);
  return { folder, paths: read.map(({ path }) => join(folder, path)), seconds };
}

async function writeUntrained(home: string): Promise<string> {
  const folder = join(home, 'model');
  const model = anUntrainedModel({ channels: 128, dilations: [1, 1, 1, 2, 2, 2, 3, 3] });
  const weights = model.weights.map((weight) => weight * 0.05);
  await writeModel(folder, { ...model, weights }, { card: '', curves: {}, recipe: null });
  return folder;
}

function peerFigures({ processorSeconds }: Measured, seconds: number, peer: number | null): Figure[] {
  if (peer === null) return [];
  return [
    { what: 'pocketsphinx, processor time per time of sound', value: peer, unit: '×' },
    { what: 'ours, the whole command, against that', value: processorSeconds / seconds / peer, unit: '×' },
  ];
}

/** `clock`: as a share of the sound's length, without loading the model; the rest is of the whole command. */
type Measured = { clock: number; processorSeconds: number; wholeSeconds: number; megabytes: number };

async function measured(data: string, model: string, args: readonly string[]): Promise<Measured> {
  const runs: Measured[] = [];
  for (let i = 0; i < rounds; i += 1) runs.push(await run(data, model, args));
  const of = (key: keyof Measured) => median(runs.map((one) => one[key]));
  return {
    clock: of('clock'),
    processorSeconds: of('processorSeconds'),
    wholeSeconds: of('wholeSeconds'),
    megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
  };
}

function run(data: string, model: string, args: readonly string[]): Promise<Measured> {
  const program = [join(root, 'dist/rostrum.mjs'), 'baseline', 'evaluate', '--json', '--data', data, '--model', model];
  const begun = performance.now();
  const child = spawn(process.execPath, [...program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = child.pid!;
  let [out, megabytes, processorSeconds] = ['', 0, 0];
  child.stdout.on('data', (text) => (out += text));
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, peakMegabytes(pid));
    processorSeconds = Math.max(processorSeconds, cpuSeconds(pid));
  }, 20);
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      clearInterval(watch);
      if (code !== 0) return reject(new Error(`evaluate ended with ${code}`));
      const { timesRealTime } = JSON.parse(out) as { timesRealTime: number };
      const wholeSeconds = (performance.now() - begun) / 1000;
      resolve({ clock: 1 / timesRealTime, processorSeconds, wholeSeconds, megabytes });
    });
  });
}

/** The most that the process ever held, as Linux keeps it; 0 where it is gone. */
function peakMegabytes(pid: number): number {
  try {
    const [, kibibytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kibibytes) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

function figuresOf(decoding: string, { clock, processorSeconds, wholeSeconds }: Measured): Figure[] {
  return [
    { what: `all prompts, ${decoding}: time per time of sound`, value: clock, unit: '×', most: 0.05 },
    { what: `all prompts, ${decoding}: the command from start to end`, value: wholeSeconds, unit: 's' },
    { what: `all prompts, ${decoding}: processor time of it`, value: processorSeconds, unit: 's' },
  ];
}

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { csv } from '#lib/csv.ts';
import type { DemoTrouble } from '#lib/datasets/demo-speech.ts';
import demoSplits from '#lib/datasets/demo-splits.json' with { type: 'json' };
import { readManifest } from '#lib/datasets/manifest.ts';
import { comparableText } from '#lib/datasets/near-texts.ts';
import { createReport } from '#lib/predictions/report.ts';

/*
 * Russian telephone prompts as Debian packages them: one speaker, 8 kHz, CC-BY-3.0. Which prompt is in which split is committed
 * (demo-splits.json), made once by the first 32 bits of sha256(comparableText(text)) modulo 100: test below 22, dev below 30.
 */

const packages = ['asterisk-core-sounds-ru', 'asterisk-core-sounds-ru-wav'];
const soundsPath = 'usr/share/asterisk/sounds/ru_RU_f_IvrvoiceRU';
const textsPath = 'usr/share/doc/asterisk-core-sounds-ru/core-sounds-ru.txt.gz';
const fetchMs = 20_000;
/** Another release of the package may have lost a prompt or two; one with other contents makes another demo. */
const leastKnownPrompts = 0.95;

/** Fills `folder` with the prompts, from the packages where they are installed, else fetched by the ordinary client. */
export async function fetchRecordedPrompts(folder: string): Promise<DemoTrouble | null> {
  if (await hasPrompts('/')) return arrange('/', folder);
  const root = join(folder, 'unpacked');
  const trouble = await fetchPackages(root);
  if (trouble !== null) return trouble;
  const outcome = (await hasPrompts(root)) ? await arrange(root, folder) : otherContents;
  await rm(root, { recursive: true, force: true });
  return outcome;
}

const otherContents: DemoTrouble = { code: 'other-contents', details: packages.join(', ') };

async function hasPrompts(root: string): Promise<boolean> {
  const found = await Promise.all([soundsPath, textsPath].map((path) => stat(join(root, path)).catch(() => null)));
  return found.every((entry) => entry !== null);
}

/** `apt-get download` asks for no rights; where its lists are missing, it makes lists of its own for this once. */
async function fetchPackages(root: string): Promise<DemoTrouble | null> {
  await mkdir(join(root, 'state/lists/partial'), { recursive: true });
  await mkdir(join(root, 'cache/archives/partial'), { recursive: true });
  const quick = [
    '-qq',
    '-o',
    'Acquire::Retries=0',
    '-o',
    'Acquire::http::Timeout=8',
    '-o',
    'Acquire::https::Timeout=8',
  ];
  // As root, apt-get would fetch as another user, who may not write here.
  const options = [...quick, '-o', 'APT::Sandbox::User=root'];
  const ownLists = [...options, '-o', `Dir::State=${root}/state`, '-o', `Dir::Cache=${root}/cache`];
  const signal = AbortSignal.timeout(fetchMs);
  const run = (program: string, args: string[]) => runProgram(program, args, root, signal);

  const first = await run('apt-get', [...options, 'download', ...packages]);
  if (first === 'missing') return { code: 'no-apt', details: '' };
  if (first !== null && !signal.aborted) {
    // Sources of others in the machine's list may fail; what matters is whether the packages are found then.
    await run('apt-get', [...ownLists, '-o', 'Acquire::Languages=none', 'update']);
    const second = await run('apt-get', [...ownLists, 'download', ...packages]);
    if (second !== null && !signal.aborted) return { code: 'not-downloaded', details: first };
  }
  if (signal.aborted) return { code: 'timed-out', details: '' };
  for (const name of packages) {
    const unpacked = await run('sh', ['-c', `dpkg-deb -x ${name}_*.deb .`]);
    if (unpacked !== null) return { code: 'not-unpacked', details: unpacked };
  }
  return null;
}

/** Null when the program did its work; 'missing' where there is no such program; else the end of what it complained. */
async function runProgram(program: string, args: string[], cwd: string, signal: AbortSignal): Promise<string | null> {
  try {
    await promisify(execFile)('env', ['LC_ALL=C', program, ...args], { cwd, signal, maxBuffer: 2 ** 24 });
    return null;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    // 127 is what `env` says of a program that is not there; ENOENT is said of `env` itself.
    if (code === 127 || code === 'ENOENT') return 'missing';
    const last = stderr.trim().split('\n').at(-1) ?? '';
    return last.replace(/^E: /, '').slice(0, 300);
  }
}

async function arrange(root: string, folder: string): Promise<DemoTrouble | null> {
  const texts = await readFile(join(root, textsPath));
  const manifest = await manifestOf(texts);
  if (manifest === null) return otherContents;
  const sounds = join(root, soundsPath);
  if (root === '/') await cp(sounds, join(folder, 'sounds'), { recursive: true, dereference: true });
  else await rename(sounds, join(folder, 'sounds'));
  await writeFile(join(folder, 'core-sounds-ru.txt.gz'), texts);
  await writeFile(join(folder, 'manifest.csv'), manifest);
  return null;
}

/** The usable prompts in their committed splits; the slices are how much is said, and whether digits became words by rule. */
async function manifestOf(texts: Uint8Array): Promise<string | null> {
  const splitOf = new Map(Object.entries(demoSplits).flatMap(([split, ids]) => ids.map((id) => [id, split])));
  const report = createReport();
  const { text, utterances } = await readManifest(texts, 'asterisk', {}, report);
  const known = utterances.filter((utterance) => splitOf.has(utterance.id));
  if (report.finish(text).total > 0 || known.length < leastKnownPrompts * splitOf.size) return null;
  return csv(
    ['id', 'audio', 'text', 'split', 'length', 'digits'],
    known.map((utterance) => [
      utterance.id,
      `sounds/${utterance.audio}.wav`,
      utterance.text,
      splitOf.get(utterance.id)!,
      lengthClass(utterance.text),
      utterance.originalText === null || !/\d/.test(utterance.originalText) ? '' : 'spelled out',
    ]),
  );
}

function lengthClass(text: string): string {
  const words = comparableText(text).split(' ').length;
  if (words === 1) return '1 word';
  return words < 5 ? '2-4 words' : '5+ words';
}

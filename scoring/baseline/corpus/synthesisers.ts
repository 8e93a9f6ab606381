import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Engine, type Voice, variants } from '#scoring/baseline/corpus/voices.ts';

/** A text to be spoken into a WAV file at `path`. Texts are made of Cyrillic letters, spaces and `, . ! ?`, a letter first. */
export type Order = { readonly text: string; readonly voice: Voice; readonly path: string };

/**
 * Programs that make speech of texts. eSpeak NG is under GPL-3.0, which does not reach what it speaks; Festival and its Russian
 * voice are under BSD-like licences.
 */
export type Synthesisers = {
  readonly engines: readonly Engine[];
  /** The known ones of our list, women twice. */
  readonly variants: readonly string[];
  /** Texts of one engine; a file is missing afterwards where the program failed on its text. */
  speak(orders: readonly Order[], signal: AbortSignal | undefined): Promise<void>;
};

/** Runs eSpeak NG with these arguments; `path` is the file it writes, if any. Returns what it printed. */
type Espeak = (args: readonly string[], path: string | null, signal: AbortSignal | undefined) => Promise<string>;

const processMs = 120_000;

/** What this machine has; null where it has nothing. The npm package stands in where the program eSpeak NG is not installed. */
export async function findSynthesisers(): Promise<Synthesisers | null> {
  const espeak = (await works('espeak-ng', ['--version'])) ? espeakProgram : await espeakPackage();
  const hasFestival = await works('festival', ['-b', '(voice_msu_ru_nsh_clunits)']);
  const engines: Engine[] = [...(espeak ? ['espeak-ng' as const] : []), ...(hasFestival ? ['festival' as const] : [])];
  if (engines.length === 0) return null;
  return {
    engines,
    variants: espeak === null ? [] : await knownVariants(espeak),
    async speak(orders, signal) {
      for (const order of orders) {
        if (espeak !== null && order.voice.engine === 'espeak-ng') await espeakOne(espeak, order, order.voice, signal);
      }
      const forFestival = orders.filter(({ voice }) => voice.engine === 'festival');
      if (forFestival.length > 0) await festivalAll(forFestival, signal);
    },
  };
}

async function works(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args, { timeout: processMs });
    return true;
  } catch {
    return false;
  }
}

async function espeakProgram(args: readonly string[], path: string | null, signal: AbortSignal | undefined) {
  const output = path === null ? [] : ['-w', path];
  const options = { timeout: processMs, ...(signal ? { signal } : {}) };
  return (await promisify(execFile)('espeak-ng', [...output, ...args], options)).stdout;
}

async function espeakPackage(): Promise<Espeak | null> {
  const loaded = await import('espeak-ng').catch(() => null);
  if (loaded === null) return null;
  return async (args, path, signal) => {
    signal?.throwIfAborted();
    const lines: string[] = [];
    const output = path === null ? [] : ['-w', 'speech.wav'];
    const print = (line: string) => lines.push(line);
    const program = await loaded.default({ arguments: [...output, ...args], print, printErr: () => {} });
    if (path !== null) await writeFile(path, program.FS.readFile('speech.wav'));
    return lines.join('\n');
  };
}

/** A row ends in the variant's file: ` 5  variant  --/F  female2  !v/f2`. */
async function knownVariants(espeak: Espeak): Promise<string[]> {
  const listed = await espeak(['--voices=variant'], null, undefined);
  const names = new Set(Array.from(listed.matchAll(/!v\/(\S+)/g), ([, name]) => name));
  return variants.filter((variant) => names.has(variant));
}

async function espeakOne(
  espeak: Espeak,
  { text, path }: Order,
  { variant, wordsPerMinute, pitch }: Extract<Voice, { engine: 'espeak-ng' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = ['-v', `ru+${variant}`, '-s', String(wordsPerMinute), '-p', String(pitch), text];
  await espeak(args, path, signal).catch((error: unknown) => {
    if (signal?.aborted) throw error;
  });
}

/** Loading the voice takes longer than a sentence, so that a process speaks many; a text that it fails on stops no other. */
async function festivalAll(orders: readonly Order[], signal: AbortSignal | undefined): Promise<void> {
  const commands = orders.map(
    ({ text, path }) =>
      `(unwind-protect (utt.save.wave (utt.synth (Utterance Text "${text}")) ${JSON.stringify(path)} 'riff) nil)`,
  );
  const options = { timeout: processMs, maxBuffer: 2 ** 24, ...(signal ? { signal } : {}) };
  await promisify(execFile)('festival', ['-b', '(voice_msu_ru_nsh_clunits)', ...commands], options).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error;
    },
  );
}

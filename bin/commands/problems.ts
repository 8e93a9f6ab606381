import { readFile, writeFile } from 'node:fs/promises';
import type { ReadLimits } from '#lib/predictions/limits.ts';
import type { FileBytes } from '#lib/predictions/source.ts';
import { isGzip, unpack } from '#lib/predictions/unpack.ts';
import type { Problem } from '#lib/problems.ts';
import { fileSource } from './file-source.ts';

/** What was typed is not understood: exit code 2. A sentence for each thing, in the reader's language. */
export class WrongUsageError extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'WrongUsageError';
    this.sentences = sentences;
  }
}

/** Something needed is missing or does not work: exit code 3. A sentence for each thing, in the reader's language. */
export class UnmetNeedError extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'UnmetNeedError';
    this.sentences = sentences;
  }
}

/** A file is wrong: exit code 1. Each problem is printed as `file:line:column: code: sentence`. */
export class WrongInputError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];
  /** How many problems there are, where not all are listed. */
  readonly total: number;

  constructor(file: string, problems: readonly Problem[], total = problems.length) {
    super(`${file}: ${total} problems`);
    this.name = 'WrongInputError';
    this.file = file;
    this.problems = problems;
    this.total = total;
  }
}

/** A file cannot be read at all: exit code 3. */
export class UnreadableFileError extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read`, { cause });
    this.name = 'UnreadableFileError';
    this.file = file;
  }
}

/** A file cannot be written: exit code 3. */
export class UnwritableFileError extends Error {
  readonly file: string;

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be written`, { cause });
    this.name = 'UnwritableFileError';
    this.file = file;
  }
}

export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UnwritableFileError(path, error);
  }
}

/** A file's bytes; `-` is the standard input. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await readStandardInput() : await readFile(path);
  } catch (error) {
    throw new UnreadableFileError(path, error);
  }
}

/** A file's text in UTF-8, without a byte order mark; `-` is the standard input. */
export async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}

/** A file's bytes, inflated where they are gzip. Throws WrongInputError where they are damaged or beyond the limits. */
export async function readUnpacked(path: string, limits: ReadLimits): Promise<Uint8Array> {
  const unpacked = await unpack(await readBytes(path), limits);
  if (!unpacked.ok) throw new WrongInputError(path, [unpacked.problem]);
  return unpacked.bytes;
}

/**
 * As `readUnpacked`, but of a file that needs no unpacking only where its bytes come from. They may then throw
 * UnreadableFileError, too, when they are read.
 */
export async function openUnpacked(path: string, limits: ReadLimits): Promise<FileBytes> {
  const source = path === '-' ? null : orUnreadable(path, () => fileSource(path));
  if (source === null || source.size < 2 || source.size > limits.sentBytes) return readUnpacked(path, limits);
  const readInto = (target: Uint8Array) => orUnreadable(path, () => source.readInto(target));
  const start = new Uint8Array(2);
  readInto(start);
  return isGzip(start) ? readUnpacked(path, limits) : { size: source.size, readInto };
}

function orUnreadable<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw new UnreadableFileError(path, error);
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

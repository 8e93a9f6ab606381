import { readFile, writeFile } from 'node:fs/promises';
import type { ReadLimits } from '#lib/predictions/limits.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import type { Problem } from '#lib/problems.ts';

/** What was typed is not understood: exit code 2. A sentence for each thing, in the reader's language. */
export class WrongUsageError extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'WrongUsageError';
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

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

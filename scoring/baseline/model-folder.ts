import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { fromFloat16, toFloat16 } from '#scoring/baseline/float16.ts';
import type { BaselineModel, Decoding } from '#scoring/baseline/model.ts';

/*
 * A model in files, one folder: model.json says what the others are, with their sizes and SHA-256. weights.bin, language-model.bin
 * and words.txt are read by programs, MODEL_CARD.md by people, curves.json by the page that draws the training.
 */

const formatName = 'rostrum-baseline';
const formatVersion = 1;
/** The largest a part may be; far above any model of ours, and small enough to be read whole. */
const mostBytes = 256 * 1024 * 1024;

/** Why a folder is no model that this program can use. */
export class ModelFolderError extends Error {
  readonly folder: string;
  readonly file: string;

  constructor(folder: string, file: string, reason: string, options: { cause?: unknown } = {}) {
    super(`${join(folder, file)}: ${reason}`, options);
    this.name = 'ModelFolderError';
    this.folder = folder;
    this.file = file;
  }
}

const count = z.int().min(1).max(65_536);
const part = z.strictObject({ bytes: z.int().min(0).max(mostBytes), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const rate = z.number().min(0);

const description = z.strictObject({
  format: z.literal(formatName),
  version: z.literal(formatVersion),
  sampleRateHz: z.int().min(4_000).max(48_000),
  shape: z.strictObject({
    bands: count,
    channels: count,
    firstKernel: count,
    stride: count,
    kernel: count,
    dilations: z.array(count).max(64),
    symbols: count,
  }),
  symbols: z.array(z.string()).min(2),
  weights: part.extend({ precision: z.enum(['float32', 'float16']) }),
  decoding: z.strictObject({ languageModel: part, words: part, options: z.record(z.string(), z.number()) }).nullable(),
  facts: z.strictObject({
    name: z.string().min(1),
    seed: z.int(),
    epochs: z.number().min(0),
    trainingSeconds: z.number().min(0),
    heardSeconds: z.number().min(0),
    data: z.array(
      z.strictObject({ name: z.string(), seconds: z.number().min(0), licence: z.string(), attribution: z.string() }),
    ),
    figures: z.array(
      z.strictObject({
        split: z.enum(['train', 'dev', 'test']),
        decoding: z.enum(['greedy', 'beam']),
        slice: z.string(),
        wordErrorRate: rate,
        characterErrorRate: rate,
      }),
    ),
  }),
});

type Description = z.infer<typeof description>;
type Part = z.infer<typeof part>;

/** What people read of a model: its card in Markdown, and the curves of its training as JSON. */
export type ModelPapers = { readonly card: string; readonly curves: unknown };

/** Half the bytes for weights is exact to 2⁻¹¹; a checkpoint that training goes on from keeps all of them. */
export type WeightPrecision = 'float32' | 'float16';

/**
 * Reads a model and checks it: every part has the size and the SHA-256 that model.json says, the weights are as many as the shape
 * needs and all finite. Throws ModelFolderError.
 */
export async function readModel(folder: string): Promise<BaselineModel> {
  const { weights, decoding, shape, symbols, ...rest } = await readDescription(folder);
  if (symbols.length !== shape.symbols) {
    throw new ModelFolderError(
      folder,
      'model.json',
      `${symbols.length} symbols where the network has ${shape.symbols}`,
    );
  }
  const bytes = await readPart(folder, 'weights.bin', weights);
  return {
    sampleRateHz: rest.sampleRateHz,
    shape,
    symbols,
    weights: weightsOf(folder, bytes, weights.precision),
    decoding: decoding && (await readDecoding(folder, decoding)),
    facts: rest.facts,
  };
}

/** Writes a model in place of all that is in `folder`, which is never half of it: only whole folders are exchanged, by their names. */
export async function writeModel(
  folder: string,
  model: BaselineModel,
  papers: ModelPapers,
  precision: WeightPrecision = 'float16',
): Promise<void> {
  const weights = precision === 'float16' ? toFloat16(model.weights) : model.weights;
  const files = new Map<string, Uint8Array>([
    ['weights.bin', new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength)],
    ['MODEL_CARD.md', Buffer.from(papers.card)],
    ['curves.json', json(papers.curves)],
  ]);
  if (model.decoding !== null) {
    files.set('language-model.bin', model.decoding.languageModel);
    files.set('words.txt', Buffer.from(model.decoding.words.map((word) => `${word}\n`).join('')));
  }
  const partOf = (name: string): Part => describePart(files.get(name)!);
  const written: Description = {
    format: formatName,
    version: formatVersion,
    sampleRateHz: model.sampleRateHz,
    shape: { ...model.shape, dilations: [...model.shape.dilations] },
    symbols: [...model.symbols],
    weights: { ...partOf('weights.bin'), precision },
    decoding: model.decoding && {
      languageModel: partOf('language-model.bin'),
      words: partOf('words.txt'),
      options: model.decoding.options,
    },
    facts: description.shape.facts.parse(model.facts),
  };
  files.set('model.json', json(written));
  await replaceFolder(folder, files);
}

function describePart(bytes: Uint8Array): Part {
  return { bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** A kill between the two renames leaves the old folder whole beside, under a name of its own. */
async function replaceFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const beside = (name: string) => join(dirname(folder), `.${basename(folder)}-${name}-${randomUUID()}`);
  const [made, old] = [beside('new'), beside('old')];
  await mkdir(made, { recursive: true });
  try {
    for (const [name, bytes] of files) await writeFile(join(made, name), bytes, { flush: true });
    const isThere = (await stat(folder).catch(() => null)) !== null;
    if (isThere) await rename(folder, old);
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
}

async function readDescription(folder: string): Promise<Description> {
  const file = 'model.json';
  const bytes = await readBytes(folder, file);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFolderError(folder, file, 'is not JSON in UTF-8', { cause });
  }
  const version = z.object({ format: z.literal(formatName), version: z.number() }).safeParse(content);
  if (!version.success) throw new ModelFolderError(folder, file, 'does not describe a model of Rostrum');
  if (version.data.version !== formatVersion) {
    const { version: found } = version.data;
    throw new ModelFolderError(folder, file, `has format version ${found}; this program reads ${formatVersion}`);
  }
  const read = description.safeParse(content);
  if (read.success) return read.data;
  throw new ModelFolderError(folder, file, z.prettifyError(read.error).replaceAll('\n', ' '), { cause: read.error });
}

async function readDecoding(folder: string, parts: NonNullable<Description['decoding']>): Promise<Decoding> {
  const languageModel = await readPart(folder, 'language-model.bin', parts.languageModel);
  const words = new TextDecoder().decode(await readPart(folder, 'words.txt', parts.words));
  return { languageModel, words: words.split('\n').filter((word) => word !== ''), options: parts.options };
}

async function readPart(
  folder: string,
  file: string,
  { bytes: expected, sha256 }: Part,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readBytes(folder, file);
  if (bytes.length !== expected) {
    throw new ModelFolderError(folder, file, `has ${bytes.length} bytes where model.json says ${expected}`);
  }
  if (describePart(bytes).sha256 !== sha256) {
    throw new ModelFolderError(folder, file, 'is damaged: its SHA-256 is not the one in model.json');
  }
  return bytes;
}

async function readBytes(folder: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, file);
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new ModelFolderError(folder, file, `is larger than ${mostBytes} bytes`);
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof ModelFolderError) throw cause;
    const { code = 'cannot be read' } = cause as NodeJS.ErrnoException;
    throw new ModelFolderError(folder, file, code === 'ENOENT' ? 'is not there' : code, { cause });
  }
}

/** Little-endian on disk, as on every machine that Node runs on. */
function weightsOf(folder: string, bytes: Uint8Array<ArrayBuffer>, precision: WeightPrecision): Float32Array {
  const size = precision === 'float16' ? 2 : 4;
  if (bytes.length % size !== 0)
    throw new ModelFolderError(folder, 'weights.bin', `is not a row of ${precision} numbers`);
  const { buffer } = bytes;
  const weights = precision === 'float16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer);
  if (!weights.every(Number.isFinite))
    throw new ModelFolderError(folder, 'weights.bin', 'has values that are not finite');
  return weights;
}

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { fromFloat16, toFloat16 } from '#scoring/baseline/float16.ts';
import type { BaselineModel, Decoding, ModelFacts } from '#scoring/baseline/model.ts';
import { weightCountOf } from '#scoring/baseline/network.ts';

/*
 * A model in files, one folder: model.json says what the others are, with their sizes and SHA-256. weights.bin, language-model.bin
 * and words.txt are read by programs, MODEL_CARD.md by people, curves.json by the page that draws the training;
 * recipe.json is what it was trained by.
 */

const formatName = 'rostrum-baseline';
const formatVersion = 1;
/** The largest a part may be; far above any model of ours, and small enough to be read whole. */
const mostBytes = 256 * 1024 * 1024;

/** Why a file of the folder cannot be used; the sentence is the message `baseline.model-${code}`. */
export type ModelProblemCode =
  | 'absent'
  | 'unreadable'
  | 'too-large'
  | 'not-json'
  | 'not-a-model'
  | 'other-version'
  | 'wrong-description'
  | 'wrong-size'
  | 'damaged'
  | 'not-finite';

/** A folder that is no model which this program can use. */
export class ModelFolderError extends Error {
  /** The file at fault. */
  readonly path: string;
  readonly code: ModelProblemCode;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(path: string, code: ModelProblemCode, values: ModelFolderError['values'] = {}, cause?: unknown) {
    super(`${path}: ${code} ${JSON.stringify(values)}`, { cause });
    this.name = 'ModelFolderError';
    this.path = path;
    this.code = code;
    this.values = values;
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

/** What model.json says. */
export type ModelDescription = z.infer<typeof description>;
type Part = z.infer<typeof part>;

/** What people read of a model: its card in Markdown, the curves of its training and how to train it again, both as JSON. */
export type ModelPapers = { readonly card: string; readonly curves: unknown; readonly recipe: unknown };

/** Half the bytes for weights is exact to 2⁻¹¹; a checkpoint that training goes on from keeps all of them. */
export type WeightPrecision = 'float32' | 'float16';

/**
 * Reads a model and checks it: every part has the size and the SHA-256 that model.json says, the weights are as many as the shape
 * needs and all finite. Throws ModelFolderError.
 */
export async function readModel(folder: string): Promise<BaselineModel> {
  const { weights, decoding, shape, symbols, ...rest } = await readDescription(folder);
  const path = join(folder, 'model.json');
  if (symbols.length !== shape.symbols) {
    const details = `${symbols.length} symbols, the network has ${shape.symbols}`;
    throw new ModelFolderError(path, 'wrong-description', { details });
  }
  const needed = weightCountOf(shape) * bytesPerWeight[weights.precision];
  if (weights.bytes !== needed) {
    const details = `${weights.bytes} bytes of weights, the network needs ${needed}`;
    throw new ModelFolderError(path, 'wrong-description', { details });
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

/** What people read of a model; papers that are not there are empty. */
export async function readPapers(folder: string): Promise<ModelPapers> {
  const text = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  const value = (json: string): unknown => (json === '' ? null : JSON.parse(json));
  const [card, curves, recipe] = await Promise.all([text('MODEL_CARD.md'), text('curves.json'), text('recipe.json')]);
  return { card, curves: value(curves), recipe: value(recipe) };
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
    ['recipe.json', json(papers.recipe)],
  ]);
  if (model.decoding !== null) {
    files.set('language-model.bin', model.decoding.languageModel);
    files.set('words.txt', Buffer.from(model.decoding.words.map((word) => `${word}\n`).join('')));
  }
  const partOf = (name: string): Part => describePart(files.get(name)!);
  const written: ModelDescription = {
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

/** Writes other facts, and the card that tells them, into a folder whose parts stay as they are. Throws ModelFolderError. */
export async function rewriteFacts(folder: string, facts: ModelFacts, card: string): Promise<void> {
  const read = await readDescription(folder);
  await replaceFile(join(folder, 'MODEL_CARD.md'), Buffer.from(card));
  await replaceFile(join(folder, 'model.json'), json({ ...read, facts: description.shape.facts.parse(facts) }));
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const made = `${path}.${randomUUID()}`;
  await writeFile(made, bytes, { flush: true });
  await rename(made, path);
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

/** What a model's folder says of itself, without its large files. Throws ModelFolderError. */
export async function readDescription(folder: string): Promise<ModelDescription> {
  const path = join(folder, 'model.json');
  const bytes = await readBytes(path);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFolderError(path, 'not-json', {}, cause);
  }
  const head = z.object({ format: z.literal(formatName), version: z.number() }).safeParse(content);
  if (!head.success) throw new ModelFolderError(path, 'not-a-model');
  const { version } = head.data;
  if (version !== formatVersion) {
    throw new ModelFolderError(path, 'other-version', { version, expected: formatVersion });
  }
  const read = description.safeParse(content);
  if (read.success) return read.data;
  const details = read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ');
  throw new ModelFolderError(path, 'wrong-description', { details }, read.error);
}

async function readDecoding(folder: string, parts: NonNullable<ModelDescription['decoding']>): Promise<Decoding> {
  const languageModel = await readPart(folder, 'language-model.bin', parts.languageModel);
  const words = new TextDecoder().decode(await readPart(folder, 'words.txt', parts.words));
  return { languageModel, words: words.split('\n').filter((word) => word !== ''), options: parts.options };
}

async function readPart(folder: string, file: string, part: Part): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, file);
  const bytes = await readBytes(path);
  if (bytes.length !== part.bytes) {
    throw new ModelFolderError(path, 'wrong-size', { actual: bytes.length, expected: part.bytes });
  }
  if (describePart(bytes).sha256 !== part.sha256) throw new ModelFolderError(path, 'damaged');
  return bytes;
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new ModelFolderError(path, 'too-large', { size, most: mostBytes });
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof ModelFolderError) throw cause;
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ModelFolderError(path, 'absent', {}, cause);
    throw new ModelFolderError(path, 'unreadable', { reason: code || message }, cause);
  }
}

const bytesPerWeight: Record<WeightPrecision, number> = { float32: 4, float16: 2 };

/** Little-endian on disk, as on every machine that Node runs on. */
function weightsOf(folder: string, { buffer }: Uint8Array<ArrayBuffer>, precision: WeightPrecision): Float32Array {
  const weights = precision === 'float16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer);
  if (!weights.every(Number.isFinite)) throw new ModelFolderError(join(folder, 'weights.bin'), 'not-finite');
  return weights;
}

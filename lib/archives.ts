import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Split } from '#lib/competition.ts';
import { csv } from '#lib/csv.ts';
import { silence } from '#lib/predictions/alternatives.ts';
import { archivePath, recordingPath, type StoredFile, writeWhole } from '#lib/recordings.ts';
import { writeZip, type ZipFile } from '#lib/zip-writer.ts';

export type ArchivedUtterance = {
  id: string;
  sha256: Buffer;
  bytes: number;
  seconds: number | null;
  /** Relative, with forward slashes; unique in the split. */
  fileName: string;
  /** Null where it is hidden; alternatives and slices are empty then. */
  reference: string | null;
  alternatives: readonly string[];
  slices: Readonly<Record<string, string>>;
};

/**
 * Builds the archive of a split under ROSTRUM_HOME: `<split>/manifest.csv`, which `rostrum import` reads again, and the
 * recordings beside it, stored as they are, one open at a time.
 */
export async function buildArchive(
  home: string,
  split: Split,
  utterances: readonly ArchivedUtterance[],
  onProgress: (done: number) => void = () => {},
): Promise<StoredFile> {
  let stored: StoredFile | undefined;
  await writeWhole(archivePath(home, Buffer.alloc(32)), async (handle) => {
    stored = await pour(writeZip(filesOf(home, split, utterances, onProgress)), handle);
    return archivePath(home, stored.sha256);
  });
  onProgress(utterances.length);
  return stored!;
}

/**
 * The manifest of a split as teams get it, and as references are read again: further wordings stand in `text_2`, `text_3` and so on.
 * Without references where they are hidden.
 */
export function manifestOf(split: Split, utterances: readonly ArchivedUtterance[]): string {
  const sliceKeys = [...new Set(utterances.flatMap((utterance) => Object.keys(utterance.slices)))].sort();
  const isOpen = utterances.some((utterance) => utterance.reference !== null);
  const most = utterances.reduce((count, { alternatives }) => Math.max(count, alternatives.length), 0);
  const others = Array.from({ length: most }, (_, i) => i);
  return csv(
    [
      'id',
      'audio',
      'split',
      'duration',
      ...(isOpen ? ['text'] : []),
      ...others.map((i) => `text_${i + 2}`),
      ...sliceKeys,
    ],
    utterances.map((utterance) => [
      utterance.id,
      utterance.fileName,
      split,
      utterance.seconds,
      ...(isOpen ? [referenceCell(utterance)] : []),
      ...others.map((i) => (utterance.alternatives[i] === '' ? silence : (utterance.alternatives[i] ?? ''))),
      ...sliceKeys.map((key) => utterance.slices[key] ?? ''),
    ]),
  );
}

/** Silence has a sign where an empty cell would mean that there is no such wording. */
function referenceCell({ reference, alternatives }: ArchivedUtterance): string | null {
  return reference === '' && alternatives.length > 0 ? silence : reference;
}

function* filesOf(
  home: string,
  split: Split,
  utterances: readonly ArchivedUtterance[],
  onProgress: (done: number) => void,
): Generator<ZipFile> {
  const manifest = Buffer.from(manifestOf(split, utterances));
  yield { name: `${split}/manifest.csv`, bytes: manifest.length, read: () => Readable.from([manifest]) };
  for (const [index, { fileName, bytes, sha256 }] of utterances.entries()) {
    onProgress(index);
    const path = recordingPath(home, sha256);
    yield {
      name: `${split}/${fileName}`,
      bytes,
      read: () => (bytes <= smallBytes ? whole(path) : createReadStream(path)),
    };
  }
}

/** Opening a stream for each of many small files takes longer than reading them. */
async function* whole(path: string): AsyncGenerator<Buffer> {
  yield readFileSync(path);
}
const smallBytes = 2 ** 18;

async function pour(pieces: AsyncIterable<Buffer>, handle: FileHandle): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of pieces) {
    hash.update(chunk);
    bytes += chunk.length;
    await handle.writeFile(chunk);
  }
  return { sha256: hash.digest(), bytes };
}

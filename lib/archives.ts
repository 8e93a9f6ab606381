import { Readable } from 'node:stream';
import type { Split } from '#lib/competition.ts';
import { csv } from '#lib/csv.ts';
import { contentOf, type ObjectPlace, type ObjectStore, objectStore, type StoredFile } from '#lib/objects.ts';
import { silence } from '#lib/predictions/alternatives.ts';
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
 * Builds the archive of a split: `<split>/manifest.csv`, which `rostrum import` reads again, and the
 * recordings beside it, stored as they are, one open at a time.
 */
export async function buildArchive(
  place: ObjectPlace,
  split: Split,
  utterances: readonly ArchivedUtterance[],
  onProgress: (done: number) => void = () => {},
): Promise<StoredFile> {
  const store = objectStore(place);
  const stored = await store.keepPieces('archives', writeZip(filesOf(store, split, utterances, onProgress)));
  onProgress(utterances.length);
  return stored;
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
  store: ObjectStore,
  split: Split,
  utterances: readonly ArchivedUtterance[],
  onProgress: (done: number) => void,
): Generator<ZipFile> {
  const manifest = Buffer.from(manifestOf(split, utterances));
  yield { name: `${split}/manifest.csv`, bytes: manifest.length, read: () => Readable.from([manifest]) };
  for (const [index, { fileName, bytes, sha256 }] of utterances.entries()) {
    onProgress(index);
    yield { name: `${split}/${fileName}`, bytes, read: () => contentOf(store, 'recordings', { bytes, sha256 }) };
  }
}

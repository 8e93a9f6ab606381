import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Split } from '#lib/competition.ts';
import { csv } from '#lib/csv.ts';
import { silence } from '#lib/predictions/alternatives.ts';
import { archivePath, recordingPath, type StoredFile, writeWhole } from '#lib/recordings.ts';

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

/** The same utterances make the same bytes, on any machine and in any time zone. */
const entryOptions = { mtime: new Date(2000, 0, 1), mode: 0o100644, compress: false, forceDosTimestamp: true };

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
    stored = await pour(openZip(home, split, utterances, onProgress), handle);
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

function openZip(
  home: string,
  split: Split,
  utterances: readonly ArchivedUtterance[],
  onProgress: (done: number) => void,
): PassThrough {
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  // Errors are told to the archive, not to its output, which would then wait for ever.
  zip.on('error', (error: Error) => output.destroy(error));
  zip.addBuffer(Buffer.from(manifestOf(split, utterances)), `${split}/manifest.csv`, entryOptions);
  for (const [index, utterance] of utterances.entries()) {
    const options = { ...entryOptions, size: utterance.bytes };
    zip.addReadStreamLazy(`${split}/${utterance.fileName}`, options, (pass) => {
      onProgress(index);
      const recording = createReadStream(recordingPath(home, utterance.sha256));
      recording.on('error', (error) => zip.emit('error', error));
      pass(null, recording);
    });
  }
  zip.end();
  return output;
}

async function pour(output: PassThrough, handle: FileHandle): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    await handle.writeFile(chunk);
  }
  return { sha256: hash.digest(), bytes };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { UnwritableFileError } from '../commands/problems.ts';
import type { Answer } from './exchange.ts';
import { dropKept, readKept, writeKept } from './kept.ts';
import { DamagedDownloadError } from './refusals.ts';
import { isPassingError } from './retries.ts';
import { codeOf, type Server } from './server.ts';

/** A file that a server announced: its SHA-256 names its content. */
export type Announced = { url: string; bytes: number; sha256: string };
/** Told how many bytes more are there. */
export type OnBytes = (bytes: number) => void;

/** Which blocks of a file are there already. */
type Progress = { sha256: string; blockBytes: number; done: number[] };
type Part = { file: Announced; handle: FileHandle; path: string; progress: Progress };

const mebibyte = 2 ** 20;
const leastBlockBytes = mebibyte / 4;
const mostBlockBytes = 8 * mebibyte;

/**
 * Brings one file in blocks, several at once, and goes on with what an earlier, interrupted run left at `${path}.part`. At `path` stands
 * the whole file with the announced SHA-256 in the end, or nothing. Throws DamagedDownloadError where the server has other bytes.
 */
export async function downloadInRanges(
  server: Server,
  file: Announced,
  path: string,
  { connections, onBytes }: { connections: number; onBytes: OnBytes },
): Promise<void> {
  const part = await openPart(file, `${path}.part`);
  try {
    onBytes(part.progress.done.reduce((sum, block) => sum + blockOf(part, block).bytes, 0));
    await fetchMissing(server, part, connections, onBytes);
  } finally {
    await part.handle.close();
  }
  const isRight = (await sha256Of(part.path)) === file.sha256;
  dropKept(progressPath(part.path));
  if (!isRight) {
    await rm(part.path, { force: true });
    throw new DamagedDownloadError(file.url);
  }
  await rename(part.path, path);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: mebibyte })) hash.update(piece);
  return hash.digest('hex');
}

/** What is known of the part is believed only as long as the part itself is there. */
async function openPart(file: Announced, path: string): Promise<Part> {
  const blockBytes = Math.min(mostBlockBytes, Math.max(leastBlockBytes, Math.ceil(file.bytes / 64)));
  const kept = readKept<Progress>(progressPath(path));
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  const goesOn = isThere && kept?.sha256 === file.sha256 && kept.blockBytes === blockBytes;
  const handle = await open(path, goesOn ? 'r+' : 'w');
  return { file, handle, path, progress: goesOn ? kept : { sha256: file.sha256, blockBytes, done: [] } };
}

function progressPath(path: string): string {
  return `${path}.json`;
}

async function fetchMissing(server: Server, part: Part, connections: number, onBytes: OnBytes): Promise<void> {
  const { file, progress } = part;
  const count = Math.ceil(file.bytes / progress.blockBytes);
  const done = new Set(progress.done);
  const missing = Array.from({ length: count }, (_, block) => block).filter((block) => !done.has(block));
  await inParallel(connections, missing, async (block) => {
    await fetchBlock(server, part, block, onBytes);
    progress.done.push(block);
    writeKept(progressPath(part.path), progress);
  });
}

/** Runs `act` over all items, so many at a time; the first failure ends it, once those under way have ended. */
export async function inParallel<Item>(
  most: number,
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let failed = false;
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined && !failed; item = waiting.shift()) {
      await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(most, waiting.length) }, lane));
  const broken = lanes.find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

function blockOf({ file, progress: { blockBytes } }: Part, block: number): { start: number; bytes: number } {
  const start = block * blockBytes;
  return { start, bytes: Math.min(blockBytes, file.bytes - start) };
}

/** Where the connection breaks after something came, the rest is asked for with fresh patience. */
async function fetchBlock(server: Server, part: Part, block: number, onBytes: OnBytes): Promise<void> {
  const { start, bytes } = blockOf(part, block);
  const end = start + bytes;
  let at = start;
  const write = async (piece: Uint8Array) => {
    // Told apart from breaks of the connection, which it happens in the midst of.
    await part.handle.write(piece, 0, piece.length, at).catch((error: unknown) => {
      throw new UnwritableFileError(part.path, error);
    });
    at += piece.length;
    onBytes(piece.length);
  };
  while (at < end) {
    const asked = at;
    const headers = { Range: `bytes=${asked}-${end - 1}`, 'If-Range': `"${part.file.sha256}"` };
    const take = async (answer: Answer) => {
      requireSame(answer, part.file);
      try {
        await pour(answer, answer.status === 206 ? asked : 0, { at: () => at, end, write });
      } catch (error) {
        if (at === asked || !isPassingError(codeOf(error))) throw error;
      }
    };
    await server.read(part.file.url, take, { headers });
    // An answer that is shorter than asked for and yet no error would be asked for without end.
    if (at === asked) throw new DamagedDownloadError(part.file.url);
  }
}

/** Under If-Range the whole comes where the file is another by now; our servers tag files by their SHA-256. */
function requireSame({ status, headers, body }: Answer, { sha256, url }: Announced): void {
  const [, tag = sha256] = /^"([0-9a-f]{64})"$/.exec(headers.etag ?? '') ?? [];
  if (status === 206 || tag === sha256) return;
  body.destroy();
  throw new DamagedDownloadError(url);
}

type Sink = { at: () => number; end: number; write(piece: Uint8Array): Promise<void> };

/** What of an answer, which begins at `offset` of the file, is still missing before `end`. */
async function pour({ status, body }: Answer, offset: number, { at, end, write }: Sink): Promise<void> {
  let from = offset;
  for await (const piece of body as AsyncIterable<Buffer>) {
    const wanted = piece.subarray(Math.max(0, at() - from), Math.max(0, end - from));
    from += piece.length;
    if (wanted.length > 0) await write(wanted);
    // The whole of it, from a proxy that knows no ranges: the rest is another block's.
    if (at() === end && status !== 206) break;
  }
}

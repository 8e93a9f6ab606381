import { createHash, randomUUID } from 'node:crypto';
import { identityOf, isAlive, processSpace } from '#lib/processes.mjs';

/*
 * What is being written lies in the folder of data under a name that says whose it is: a neighbour `.<owner>.<random>.part` of the file
 * that it will be, or a folder `objects-<owner>-<random>` in `scratch`. Where the owner was killed, it is told by that name.
 */

export const partName = () => `.${mark()}.${randomUUID()}.part`;
export const scratchPrefix = () => `objects-${mark()}-`;

/** unknown: of another machine or container, from before this one started, of a user whose processes are hidden, or from an older Rostrum. */
export type Owner = 'living' | 'dead' | 'unknown';

/** Whose a file or folder of this name is; null where the name is none of ours. */
export function ownerOf(name: string): Owner | null {
  if (!/^\..+\.part$|^objects-./.test(name)) return null;
  const [, givenSpace, pid, start] = /^(?:\.|objects-)([0-9a-f]{8})-(\d+)-([0-9a-f]{8})[.-]/.exec(name) ?? [];
  if (givenSpace !== space() || pid === undefined) return 'unknown';
  if (!isAlive(Number(pid))) return 'dead';
  const identity = identityOf(Number(pid));
  if (identity === '') return isAlive(Number(pid)) ? 'unknown' : 'dead';
  return digest(identity) === start ? 'living' : 'dead';
}

let ownMark: string | undefined;
function mark(): string {
  ownMark ??= `${space()}-${process.pid}-${digest(identityOf(process.pid))}`;
  return ownMark;
}

let ownSpace: string | undefined;
function space(): string {
  ownSpace ??= digest(processSpace());
  return ownSpace;
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);

import { extname } from 'node:path';
import { type Connection, readClock } from '#lib/db/client.ts';
import { getPerson, listOwnFiles, listOwnSlides, readSection } from '#lib/db/personal-data.ts';
import { personalSections } from '#lib/db/personal-sections.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { log } from '#lib/log.ts';
import { pour } from '#lib/objects/folder.ts';
import { contentOf, type ObjectPlace, type ObjectStore, objectStore, type StoredFile } from '#lib/objects.ts';
import { writeZip, type ZipFile } from '#lib/zip-writer.ts';

/*
 * Everything that the platform holds about one person, as a ZIP archive; docs/en/teams/personal-data.md describes its shape. At any moment
 * one part of a section, or one file, is in memory.
 */

/** Of the shape: a reader who knows it can read every archive of the same number. */
const format = 1;
const rowsAtOnce = 100;

type Listed = { name: string; rows?: number };
/** What should be in the archive and could not be read, as an object that a restore did not bring back. */
type Lacking = { name: string; bytes: number; sha256: string; reason: 'missing' | 'unreadable' };

/** The archive, piece by piece. Throws NotFoundError where there is nobody of this id. */
export function writePersonalArchive(db: Connection, place: ObjectPlace, personId: string): AsyncGenerator<Buffer> {
  return writeZip(filesOf(db, place, personId));
}

/** For the person's own folder of downloads, which they may share with others. */
export function personalArchiveName(at: Date): string {
  return `rostrum-personal-data-${at.toISOString().slice(0, 10)}.zip`;
}

async function* filesOf(db: Connection, place: ObjectPlace, personId: string): AsyncGenerator<ZipFile> {
  const person = await getPerson(db, personId);
  const files: Listed[] = [];
  for (const section of personalSections) {
    let part = 0;
    for await (const rows of readSection(db, section, person, rowsAtOnce)) {
      part += 1;
      const name = `data/${section.name}${part === 1 ? '' : `-${part}`}.json`;
      files.push({ name, rows: rows.length });
      yield jsonFile(name, rows.map(printable));
    }
  }
  for await (const file of sentFiles(db, personId)) {
    files.push({ name: file.name });
    yield file;
  }
  const missing: Lacking[] = [];
  for await (const slides of ownSlides(db, place, personId)) {
    if ('reason' in slides) missing.push(slides);
    else {
      files.push({ name: slides.name });
      yield slides;
    }
  }
  yield jsonFile('index.json', { format, personId, madeAt: await readClock(db), files, missing });
}

async function* sentFiles(db: Connection, personId: string): AsyncGenerator<ZipFile> {
  for await (const { id, bytes, fileName } of listOwnFiles(db, personId, rowsAtOnce)) {
    // The name that it was sent under stands in data/submissions.json: here it could lead anywhere.
    const name = `submissions/${id}${/^\.[a-z]{1,8}$/.exec(extname(fileName))?.[0] ?? '.txt'}`;
    yield {
      name,
      bytes,
      read: async function* () {
        yield await getSubmittedFile(db, id);
      },
    };
  }
}

async function* ownSlides(db: Connection, place: ObjectPlace, personId: string): AsyncGenerator<ZipFile | Lacking> {
  const store = objectStore(place);
  for (const { teamId, ...slides } of await listOwnSlides(db, personId)) {
    const { bytes, sha256 } = slides;
    const name = `slides/${teamId}.pdf`;
    const reason = await whyNotWhole(store, slides);
    if (reason === null) yield { name, bytes, read: () => contentOf(store, 'recordings', slides) };
    else yield { name, bytes, sha256: sha256.toString('hex'), reason };
  }
}

/** Read to its end before anything of it is written: an archive that has begun a file can no longer leave it out. */
async function whyNotWhole(store: ObjectStore, slides: StoredFile): Promise<Lacking['reason'] | null> {
  try {
    if ((await store.findLength('recordings', slides.sha256)) === null) return 'missing';
    const read = await pour(contentOf(store, 'recordings', slides), null);
    return read.sha256.equals(slides.sha256) ? null : 'unreadable';
  } catch (error) {
    log.error({ err: error, sha256: slides.sha256.toString('hex') }, 'an export goes on without slides');
    return 'unreadable';
  }
}

function jsonFile(name: string, value: unknown): ZipFile {
  const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return {
    name,
    bytes: content.length,
    read: async function* () {
      yield content;
    },
  };
}

/** Digests in hexadecimal, as everywhere else. */
function printable(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, Buffer.isBuffer(value) ? value.toString('hex') : value]),
  );
}

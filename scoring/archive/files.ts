import { Readable } from 'node:stream';
import { manifestOf } from '#lib/archives.ts';
import { boardCsv, readSnapshot } from '#lib/board.ts';
import { type Competition, type Split, splits } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import {
  type ArchivedSubmission,
  type ArchivedTalk,
  listArchivedEvents,
  listArchivedSubmissions,
  listArchivedTalks,
  listArchivedTeams,
  listBoardBodies,
  listPublicWords,
  listResults,
} from '#lib/db/competition-archive.ts';
import { listCommitments, readLabelFile } from '#lib/db/label-commitments.ts';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { listUtterances, type UtteranceRow } from '#lib/db/utterances.ts';
import { contentOf, type ObjectPlace, objectStore, type StoredFile } from '#lib/objects.ts';
import type { ZipFile } from '#lib/zip-writer.ts';
import { sumsOf } from '#scoring/archive/sums.ts';
import { eventsCsv, fileNameOf, readme, resultsCsv, submissionsCsv, teamsCsv } from '#scoring/archive/tables.ts';

/*
 * A whole competition as files that need no Rostrum to be read: what was asked, what was handed in, what it came to, the labels that
 * it was judged by and the log. It tells every label, so nobody makes one before the reveal.
 */

/** `place` is where recordings stand; without `withRecordings` only their manifests are in it, with SHA-256. */
export type ArchiveWish = { place: ObjectPlace; withRecordings: boolean };

type Told = { name: string; bytes: Buffer };

/** Read once: tables, files and checksums are of the same rows. */
type Rows = {
  readonly submissions: readonly ArchivedSubmission[];
  readonly talks: readonly ArchivedTalk[];
  readonly splits: readonly { readonly split: Split; readonly utterances: readonly UtteranceRow[] }[];
};

/** All files, `SHA256SUMS` last. Files of teams and recordings are read when the archive is written, one at a time. */
export async function archiveFiles(db: Connection, competition: Competition, wish: ArchiveWish): Promise<ZipFile[]> {
  const rows = await readRows(db, competition);
  const told = await tell(db, competition, rows);
  const recordings = wish.withRecordings ? recordingsOf(rows, wish.place) : [];
  const stored = [...submissionsOf(db, rows), ...slidesOf(rows, wish.place), ...recordings];
  const sums = file({
    name: 'SHA256SUMS',
    bytes: Buffer.from(sumsOf(told, stored)),
  });
  return [...told.map(file), ...stored.map(({ file }) => file), sums];
}

async function readRows(db: Connection, { id, labelVersion }: Competition): Promise<Rows> {
  const bySplit = [];
  for (const split of splits) bySplit.push({ split, utterances: await listUtterances(db, id, split) });
  return {
    submissions: await listArchivedSubmissions(db, id, labelVersion),
    talks: await listArchivedTalks(db, id),
    splits: bySplit,
  };
}

/** What is written for the archive. */
async function tell(db: Connection, competition: Competition, rows: Rows): Promise<Told[]> {
  const { id } = competition;
  const teams = await listArchivedTeams(db, id);
  const boards = await listBoardBodies(db, id);
  const results = await listResults(db, id);
  const last = boards.at(-1);
  const text = (name: string, content: string): Told => ({ name, bytes: Buffer.from(content) });
  return [
    text('README.md', readme(competition)),
    text('competition.json', json(competition)),
    text('brief.ru.md', competition.briefRu),
    text('brief.en.md', competition.briefEn),
    text('rules.ru.md', competition.rulesRu),
    text('rules.en.md', competition.rulesEn),
    text('news.json', json(await listPublicWords(db, id))),
    text('results.json', json(results.at(-1) ?? null)),
    text('results.csv', resultsCsv(results.at(-1)?.rows ?? [])),
    text('results-history.jsonl', results.map((each) => `${JSON.stringify(each)}\n`).join('')),
    text('board.csv', last === undefined ? '' : boardCsv(readSnapshot(last))),
    text('board-history.jsonl', boards.map((body) => `${body}\n`).join('')),
    text('teams.csv', teamsCsv(teams)),
    text('method-cards.json', json(teams.map(({ id: teamId, name, card }) => ({ id: teamId, name, card })))),
    text('talks.json', json(talksOf(rows.talks))),
    text('submissions.csv', submissionsCsv(rows.submissions)),
    text('events.csv', eventsCsv(await listArchivedEvents(db, id))),
    ...(await labelsOf(db, competition)),
    ...manifestsOf(rows),
  ];
}

/** The files whose SHA-256 was promised (docs/en/operators/commitment.md). */
async function labelsOf(db: Connection, competition: Competition): Promise<Told[]> {
  const commitments = await listCommitments(db, competition.id);
  const files: Told[] = [];
  for (const { labelVersion } of commitments) {
    const bytes = await readLabelFile(db, competition, labelVersion);
    files.push({ name: `labels/${labelVersion}.jsonl`, bytes });
  }
  return files;
}

function manifestsOf({ splits }: Rows): Told[] {
  return splits
    .filter(({ utterances }) => utterances.length > 0)
    .map(({ split, utterances }) => ({
      name: `data/${split}/manifest.csv`,
      bytes: Buffer.from(manifestOf(split, utterances)),
    }));
}

export type StoredEntry = { file: ZipFile; sha256: Buffer };

function submissionsOf(db: Connection, { submissions }: Rows): StoredEntry[] {
  return submissions.map((submission) => ({
    sha256: submission.sha256,
    file: {
      name: fileNameOf(submission),
      bytes: submission.bytes,
      async *read() {
        yield await getSubmittedFile(db, submission.id);
      },
    },
  }));
}

/** Without the digest and size of slides: `SHA256SUMS` has them. */
function talksOf(talks: readonly ArchivedTalk[]) {
  return talks.map(({ slides, ...talk }) => ({ ...talk, slides: slides && slidesName(talk.teamId) }));
}

function slidesName(teamId: string): string {
  return `slides/${teamId}.pdf`;
}

function slidesOf({ talks }: Rows, place: ObjectPlace): StoredEntry[] {
  return talks.flatMap(({ teamId, slides }) =>
    slides === null ? [] : [{ sha256: slides.sha256, file: storedFile(place, slidesName(teamId), slides) }],
  );
}

function recordingsOf({ splits }: Rows, place: ObjectPlace): StoredEntry[] {
  return splits.flatMap(({ split, utterances }) =>
    utterances.map(({ fileName, ...kept }) => ({
      sha256: kept.sha256,
      file: storedFile(place, `data/${split}/${fileName}`, kept),
    })),
  );
}

function storedFile(place: ObjectPlace, name: string, { bytes, sha256 }: StoredFile): ZipFile {
  return { name, bytes, read: () => contentOf(objectStore(place), 'recordings', { bytes, sha256 }) };
}

function file({ name, bytes }: Told): ZipFile {
  return { name, bytes: bytes.length, read: () => Readable.from([bytes]) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

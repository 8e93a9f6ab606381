import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { manifestOf } from '#lib/archives.ts';
import { boardCsv, readSnapshot } from '#lib/board.ts';
import { type Competition, splits } from '#lib/competition.ts';
import type { Connection } from '#lib/db/client.ts';
import {
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
import { listUtterances } from '#lib/db/utterances.ts';
import { recordingPath, type StoredFile } from '#lib/recordings.ts';
import type { ZipFile } from '#lib/zip-writer.ts';
import { sumsOf } from '#scoring/archive/sums.ts';
import { eventsCsv, fileNameOf, readme, resultsCsv, submissionsCsv, teamsCsv } from '#scoring/archive/tables.ts';

/*
 * A whole competition as files that need no Rostrum to be read: what was asked, what was handed in, what it came to, the labels that
 * it was judged by and the log. It tells every label, so nobody makes one before the reveal but the owner of the installation.
 */

/** `home` is where recordings stand; without `withRecordings` only their manifests are in it, with SHA-256. */
export type ArchiveWish = { home: string; withRecordings: boolean };

type Told = { name: string; bytes: Buffer };

/** All files, `SHA256SUMS` last. Files of teams and recordings are read when the archive is written, one at a time. */
export async function archiveFiles(db: Connection, competition: Competition, wish: ArchiveWish): Promise<ZipFile[]> {
  const told = await tell(db, competition);
  const sent = await submissionsOf(db, competition);
  const slides = await slidesOf(db, competition, wish.home);
  const recordings = wish.withRecordings ? await recordingsOf(db, competition, wish.home) : [];
  const stored = [...sent, ...slides, ...recordings];
  const sums = file({
    name: 'SHA256SUMS',
    bytes: Buffer.from(sumsOf(told, stored)),
  });
  return [...told.map(file), ...stored.map(({ file }) => file), sums];
}

/** What is written for the archive. */
async function tell(db: Connection, competition: Competition): Promise<Told[]> {
  const { id, labelVersion } = competition;
  const teams = await listArchivedTeams(db, id);
  const submissions = await listArchivedSubmissions(db, id, labelVersion);
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
    text('talks.json', json(talksOf(await listArchivedTalks(db, id)))),
    text('submissions.csv', submissionsCsv(submissions)),
    text('events.csv', eventsCsv(await listArchivedEvents(db, id))),
    ...(await labelsOf(db, competition)),
    ...(await manifestsOf(db, competition)),
  ];
}

/** The files whose SHA-256 was promised (docs/commitment.md). */
async function labelsOf(db: Connection, competition: Competition): Promise<Told[]> {
  const commitments = await listCommitments(db, competition.id);
  const files: Told[] = [];
  for (const { labelVersion } of commitments) {
    const bytes = await readLabelFile(db, competition, labelVersion);
    files.push({ name: `labels/${labelVersion}.jsonl`, bytes });
  }
  return files;
}

async function manifestsOf(db: Connection, { id }: Competition): Promise<Told[]> {
  const files: Told[] = [];
  for (const split of splits) {
    const utterances = await listUtterances(db, id, split);
    if (utterances.length > 0) {
      files.push({ name: `data/${split}/manifest.csv`, bytes: Buffer.from(manifestOf(split, utterances)) });
    }
  }
  return files;
}

export type StoredEntry = { file: ZipFile; sha256: Buffer };

async function submissionsOf(db: Connection, { id, labelVersion }: Competition): Promise<StoredEntry[]> {
  const submissions = await listArchivedSubmissions(db, id, labelVersion);
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

async function slidesOf(db: Connection, { id }: Competition, home: string): Promise<StoredEntry[]> {
  return (await listArchivedTalks(db, id)).flatMap(({ teamId, slides }) =>
    slides === null ? [] : [{ sha256: slides.sha256, file: storedFile(home, slidesName(teamId), slides) }],
  );
}

async function recordingsOf(db: Connection, { id }: Competition, home: string): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const split of splits) {
    for (const { fileName, ...kept } of await listUtterances(db, id, split)) {
      entries.push({ sha256: kept.sha256, file: storedFile(home, `data/${split}/${fileName}`, kept) });
    }
  }
  return entries;
}

function storedFile(home: string, name: string, { bytes, sha256 }: StoredFile): ZipFile {
  return { name, bytes, read: () => createReadStream(recordingPath(home, sha256)) };
}

function file({ name, bytes }: Told): ZipFile {
  return { name, bytes: bytes.length, read: () => Readable.from([bytes]) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

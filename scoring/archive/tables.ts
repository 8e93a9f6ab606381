import type { Competition } from '#lib/competition.ts';
import type { ErrorCounts } from '#lib/counts.ts';
import { type Cell, csv, withoutFormula } from '#lib/csv.ts';
import type { ArchivedEvent, ArchivedSubmission, ArchivedTeam } from '#lib/db/competition-archive.ts';
import type { ResultRow } from '#lib/finals.ts';

/*
 * The tables of an archive. Texts that people typed are made safe for spreadsheets; counts stand as counts, so that whoever reads them
 * derives what they need.
 */

export function resultsCsv(rows: readonly ResultRow[]): string {
  const header = [
    ...['place', 'teamId', 'team', 'kind', 'isGuest', 'isUnranked', 'submissionId', 'finals'],
    ...['privateErrors', 'privateWords', 'publicErrors', 'publicWords', 'tied', 'beatsBaseline', 'pValue'],
  ];
  return csv(
    header,
    rows.map((row) => [
      ...[row.place, row.teamId, withoutFormula(row.team), row.kind, row.isGuest, row.isUnranked],
      ...[row.submissionId, row.reason, row.private.errors, row.private.words, row.public.errors, row.public.words],
      ...[row.tied, row.beatsBaseline, row.pValue],
    ]),
  );
}

export function teamsCsv(teams: readonly ArchivedTeam[]): string {
  return csv(
    ['teamId', 'team', 'kind', 'members', 'isGuest', 'isRanked', 'reason', 'disbandedAt'],
    teams.map((team) => [
      ...[team.id, withoutFormula(team.name), team.kind, team.members, team.isGuest, team.isRanked ?? true],
      ...[withoutFormula(team.reason ?? ''), instant(team.disbandedAt)],
    ]),
  );
}

export function submissionsCsv(submissions: readonly ArchivedSubmission[]): string {
  const counted = ['Hits', 'Substitutions', 'Deletions', 'Insertions'];
  const header = [
    ...['submissionId', 'teamId', 'split', 'state', 'receivedAt', 'late', 'voidedAt', 'picked', 'file', 'sentAs'],
    ...['note', 'code', 'bytes', 'sha256'],
    ...counted.map((name) => `public${name}`),
    ...counted.map((name) => `private${name}`),
  ];
  return csv(
    header,
    submissions.map((each) => [
      ...[each.id, each.teamId, each.split, each.state, instant(each.receivedAt), each.late, instant(each.voidedAt)],
      ...[each.isPicked, fileNameOf(each), withoutFormula(each.fileName), withoutFormula(each.note)],
      ...[withoutFormula(each.codeLink ?? ''), each.bytes, each.sha256.toString('hex')],
      ...countCells(each.public),
      ...countCells(each.private),
    ]),
  );
}

export function eventsCsv(events: readonly ArchivedEvent[]): string {
  return csv(
    ['id', 'at', 'actorId', 'kind', 'subject', 'reason', 'details'],
    events.map(({ id, at, actorId, kind, subject, reason, details }) => [
      ...[id, instant(at), actorId, kind, withoutFormula(subject), withoutFormula(reason), JSON.stringify(details)],
    ]),
  );
}

const endings: Readonly<Record<string, string>> = { csv: 'csv', tsv: 'tsv', jsonl: 'jsonl', kaldi: 'txt', trn: 'trn' };

/** Where a file of a team stands in the archive. Names that people gave are no paths. */
export function fileNameOf({ id, format, isPacked }: ArchivedSubmission): string {
  return `submissions/${id}.${endings[format ?? ''] ?? 'txt'}${isPacked ? '.gz' : ''}`;
}

export function readme({ slug, nameRu, nameEn, labelVersion, timeZone }: Competition): string {
  return `# ${nameEn} · ${nameRu}

The competition \`${slug}\` as Rostrum kept it. All instants are in UTC; its own zone is ${timeZone}. People are left out: teams go by
their names, and the log by ids.

| file | what it holds |
| --- | --- |
| \`competition.json\`, \`brief.*.md\`, \`rules.*.md\` | what was asked, and by which rules |
| \`news.json\` | what organisers said to everybody, and answers that were given to all |
| \`results.csv\`, \`results.json\`, \`results-history.jsonl\` | places by the private fold, with tie classes and tests; every result that was made |
| \`board.csv\`, \`board-history.jsonl\` | the last public board, and every one that was shown, byte for byte |
| \`teams.csv\`, \`method-cards.json\` | who took part, and how they say that they did it |
| \`talks.json\`, \`slides/\` | the order of the defence, and what teams showed |
| \`submissions.csv\`, \`submissions/\` | every file with its counts under label version ${labelVersion}, and the files as they were sent |
| \`labels/\` | salt, references and folds of each label version: their SHA-256 was published beforehand |
| \`data/\` | manifests of the splits, with recordings where they were asked for |
| \`events.csv\` | the append-only log |
| \`SHA256SUMS\` | \`sha256sum --check SHA256SUMS\` tells whether all of it is as it was written |

Errors are S + D + I and words are N = H + S + D, so the word error rate is errors / words.
\`rostrum score --ref REFERENCES --hyp submissions/FILE\` counts any file again.
`;
}

function countCells(counts: ErrorCounts | null): Cell[] {
  if (counts === null) return [null, null, null, null];
  return [counts.hits, counts.substitutions, counts.deletions, counts.insertions];
}

function instant(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

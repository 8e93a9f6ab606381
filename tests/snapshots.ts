import { sql } from 'drizzle-orm';
import { type BoardRow, type Snapshot, writeSnapshot } from '#lib/board.ts';
import type { Connection } from '#lib/db/client.ts';
import { boardSnapshots } from '#lib/db/schema.ts';

/*
 * Boards as the scoring side would draw them, for those who look at them only.
 */

const day = 24 * 3600 * 1000;
/** What people call their teams. */
const awkward = [
  'Кафедра математических методов прогноза',
  'Сверхдлинноеназваниекомандыбезпробелов12',
  'مختبر الكلام 7',
  '👩‍💻 Эмодзи и друзья 🎤',
  'The Quick Brown Foxes of Dolgoprudny',
  'Ёж',
];

/**
 * A board of so many teams and the baseline between them. `round` moves them: each round others have become better. Some have awkward
 * names, the first ones are tied.
 */
export function aSnapshotOf(teams: number, round: number, at = new Date()): Snapshot {
  const rates = Array.from(
    { length: teams },
    (_, i) => [i, Math.round(80 + ((i * 7 + round * 13) % teams) * 4.1)] as const,
  );
  const ranked = [...rates].sort(([, a], [, b]) => a - b).map(([i, permille], place) => aRow(i, permille, place, at));
  const baseline: BoardRow = {
    ...aRow(teams, 80 + Math.round(teams * 2.1), 0, at),
    ...{
      rank: null,
      team: 'Базовое решение',
      isBaseline: true,
      kind: 'baseline',
      tied: null,
      members: 0,
      change: null,
    },
    history: [[new Date(at.getTime() - 9 * day).toISOString(), (80 + Math.round(teams * 2.1)) / 1000]],
  };
  const place = ranked.findIndex(({ wer }) => wer! > baseline.wer!);
  const rows = [...ranked.slice(0, place), baseline, ...ranked.slice(place)];
  return { version: round + 1, at: at.toISOString(), frozen: false, ties: null, rows };
}

function aRow(i: number, permille: number, place: number, at: Date): BoardRow {
  const steps = 2 + (i % 7);
  return {
    rank: place + 1,
    team: awkward[i] ?? `Команда номер ${i + 1}`,
    isBaseline: false,
    wer: permille / 1000,
    interval: [(permille - 12) / 1000, (permille + 13) / 1000],
    tied: place < 4 ? 1 : null,
    entries: (i % 30) + 1,
    lastAt: at.toISOString(),
    change: i % 3 === 0 ? -0.004 : null,
    history: Array.from({ length: steps }, (_, k) => [
      new Date(at.getTime() - (steps - k) * day - i * 60_000).toISOString(),
      (permille + (steps - 1 - k) * 9) / 1000,
    ]),
    teamId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    kind: 'team',
    isGuest: false,
    isDemo: false,
    members: (i % 4) + 1,
  };
}

/** Stores it as the newest of the competition, and tells the web as it commits. */
export async function publishSnapshot(db: Connection, competitionId: string, snapshot: Snapshot): Promise<void> {
  const { version, at, frozen } = snapshot;
  await db.transaction(async (tx) => {
    const body = writeSnapshot(snapshot);
    await tx.insert(boardSnapshots).values({ competitionId, version, at: new Date(at), frozen, body });
    await tx.execute(sql`select pg_notify('rostrum_live', ${competitionId})`);
  });
}

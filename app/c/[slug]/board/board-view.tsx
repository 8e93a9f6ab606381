'use client';

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { BoardRow, Snapshot } from '#lib/board.ts';
import type { Language } from '#lib/messages/language.ts';
import { BoardTable } from '#ui/board-table.tsx';
import type { BoardTexts } from '#ui/board-texts.ts';
import { LinkButton } from '#ui/button.tsx';
import { clockNow } from '#ui/clock.ts';
import { Facts } from '#ui/facts.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { useRefresh } from '#ui/use-refresh.ts';
import { moveRows, positionsOf } from '../../../../public/move-rows.js';
import { useLiveUpdates } from './live-updates.ts';
import { type OwnState, useOwnState } from './own-state.ts';
import { useSpokenNews } from './use-spoken-news.ts';

type Texts = BoardTexts & {
  ownPlace: string;
  attemptsLeft: string;
  /** Between those left and all: `4 of 5`. */
  attemptsOf: string;
  resetsAt: string;
  upload: string;
  offline: string;
};
type Props = {
  slug: string;
  first: Snapshot;
  texts: Texts;
  language: Language;
  timeZone: string;
  /** Stands in the place of a board on which nothing is scored yet. */
  empty: ReactNode;
};

/** The board as it changes: newer ones come as events, rows move to their new places, and the viewer's own team is marked. */
export function BoardView({ slug, first, texts, language, timeZone, empty }: Props) {
  const { board, moves, changed, container, show } = useBoard(first);
  const refresh = useRefresh();
  const lostAt = useLiveUpdates(slug, {
    version: board.version,
    onBoard: show,
    // Spread out, so that a full lecture hall does not ask in the same instant.
    onPhase: () => setTimeout(refresh, 5000 * Math.random()),
  });
  const own = useOwnState(slug);
  const now = useMinutes();
  const said = useSpokenNews(board, texts, formatsFor(language));
  return (
    <>
      {own?.team && <OwnFacts own={own} teamId={own.team.id} {...{ slug, board, texts, language, timeZone }} />}
      <div role="status">
        {lostAt !== null && (
          <Notice kind="warning" className="mb-4">
            {texts.offline.replace('{time}', formatsFor(language).time(new Date(lostAt), timeZone))}
          </Notice>
        )}
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      <div ref={container}>
        {board.rows.length === 0 ? (
          empty
        ) : (
          <BoardTable
            ownTeamId={own?.team?.id ?? null}
            {...{ board, texts, language, timeZone, moves, changed, now }}
          />
        )}
      </div>
    </>
  );
}

/** The shown board, what the last change did to its teams, and the movement from the one before. */
function useBoard(first: Snapshot) {
  const [shown, setShown] = useState({ board: first, before: first });
  const container = useRef<HTMLDivElement>(null);
  const positions = useRef<ReturnType<typeof positionsOf>>(new Map());
  // A page that was read anew may know a newer board than the events told of.
  const { board, before } = first.version > shown.board.version ? { board: first, before: shown.board } : shown;

  const show = (next: Snapshot) => {
    if (next.version <= board.version || container.current === null) return;
    positions.current = positionsOf(container.current);
    setShown({ board: next, before: board });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for each board that was drawn
  useLayoutEffect(() => {
    if (container.current) moveRows(container.current, positions.current);
    positions.current = new Map();
  }, [board]);

  const earlier = new Map(before.rows.map((row) => [row.teamId, row]));
  const moves = board.rows.map((row) => [row.teamId, placesGained(earlier.get(row.teamId), row)] as const);
  const changed = board.rows.filter((row) => row.wer !== earlier.get(row.teamId)?.wer).map((row) => row.teamId);
  return { board, container, show, moves: new Map(moves), changed: new Set(changed) };
}

function placesGained(before: BoardRow | undefined, after: BoardRow): number {
  return before?.rank && after.rank ? before.rank - after.rank : 0;
}

type OwnProps = Pick<Props, 'slug' | 'language' | 'timeZone' | 'texts'> & {
  own: OwnState;
  teamId: string;
  board: Snapshot;
};

function OwnFacts({ own, teamId, board, slug, texts, language, timeZone }: OwnProps) {
  const formats = formatsFor(language);
  const row = board.rows.find((candidate) => candidate.teamId === teamId);
  const quota = own.quota && {
    term: texts.attemptsLeft,
    value: `${own.quota.limit - own.quota.used} ${texts.attemptsOf} ${own.quota.limit}`,
    note: `${texts.resetsAt} ${formats.instant(new Date(own.quota.resetsAt), timeZone)}`,
  };
  const place = row?.rank != null && {
    term: texts.ownPlace,
    value: row.rank,
    note: row.wer !== null && formats.percent(row.wer),
  };
  return (
    <div className="mb-8 flex flex-wrap items-start justify-between gap-x-10 gap-y-4">
      <Facts facts={[place, quota].filter((fact) => fact !== false && fact !== null)} />
      {own.quota && <LinkButton href={`/c/${slug}/submit`}>{texts.upload}</LinkButton>}
    </div>
  );
}

/** The server's time, anew every half minute; null until it is known. */
function useMinutes(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(clockNow());
    const soon = setTimeout(tick, 1000);
    const timer = setInterval(tick, 30_000);
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, []);
  return now;
}

import type { Snapshot } from '#lib/board.ts';
import type { Translate } from '#lib/messages/translate.ts';

/** Everything a board says, as plain strings: it is drawn in the browser too, where no translator is. */
export type BoardTexts = ReturnType<typeof boardTexts>;

/** `teamSize`: the largest team there may be; larger ones of an earlier setting are looked up in the board. */
export function boardTexts(t: Translate, teamSize: number, board: Snapshot | null) {
  const largest = Math.max(teamSize, ...(board?.rows.map((row) => row.members) ?? []));
  return {
    caption: t('board.caption'),
    asOf: t('board.as-of'),
    place: t('board.place'),
    team: t('board.team'),
    wer: t('board.wer'),
    interval: t('board.interval'),
    change: t('board.change'),
    best: t('board.best'),
    entries: t('board.entries'),
    last: t('board.last'),
    you: t('board.you'),
    demo: t('common.demo'),
    guest: t('board.guest'),
    baseline: t('board.baseline'),
    unranked: t('board.unranked'),
    up: t('board.up'),
    down: t('board.down'),
    tied: t('board.tied', { places: '{places}' }),
    news: t('board.news', { teams: '{teams}' }),
    newsPlace: t('board.news-place', { team: '{team}', wer: '{wer}', place: '{place}' }),
    newsPlain: t('board.news-plain', { team: '{team}', wer: '{wer}' }),
    newsMore: t('board.news-more', { count: '{count}' }),
    /** By number: `members[3]` is «3 участника». */
    members: Array.from({ length: largest + 1 }, (_, count) => t('board.members', { count })),
  };
}

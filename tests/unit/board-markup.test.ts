import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { BoardRow, Snapshot } from '#lib/board.ts';
import { translator } from '#lib/messages/translate.ts';
import { BoardTable } from '#ui/board-table.tsx';
import { boardTexts } from '#ui/board-texts.ts';
import { formatsFor } from '#ui/format.ts';
import { BoardScene } from '../../app/live/[slug]/board-scene.tsx';
import { divide } from '../../app/live/[slug]/live-board.tsx';

function aRow(place: number, row: Partial<BoardRow> = {}): BoardRow {
  const wer = 0.1 + place / 1000;
  return {
    rank: place,
    team: `Команда ${place}`,
    isBaseline: false,
    wer,
    interval: [wer - 0.011, wer + 0.012],
    tied: null,
    entries: 12,
    lastAt: '2026-11-20T15:02:00.000Z',
    change: -0.012,
    history: [['2026-11-18T15:02:00.000Z', wer]],
    teamId: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    kind: 'team',
    isGuest: false,
    isDemo: false,
    members: 3,
    ...row,
  };
}

function aBoard(rows: readonly BoardRow[]): Snapshot {
  return { version: 7, at: '2026-11-20T15:02:00.000Z', frozen: false, ties: null, rows };
}

const baseline: Partial<BoardRow> = {
  rank: null,
  team: 'Базовое решение',
  isBaseline: true,
  kind: 'baseline',
  members: 0,
};

function page(board: Snapshot, own: string | null = null): string {
  const texts = boardTexts(translator('ru'), 4, board);
  const table = { board, texts, language: 'ru', timeZone: 'Europe/Moscow', ownTeamId: own } as const;
  return renderToStaticMarkup(createElement(BoardTable, table));
}

function live(board: Snapshot): string {
  const language = { t: translator('ru'), formats: formatsFor('ru'), language: 'ru', theme: 'auto' } as const;
  const competition = { teamSize: 4, timeZone: 'Europe/Moscow' };
  const scene = { name: 'board', board } as const;
  return renderToStaticMarkup(
    createElement(BoardScene, { scene, competition, language, here: 'rostrum.example/live/x' }),
  );
}

function places(markup: string): string[] {
  return [...markup.matchAll(/<td class="place">([^<]*)/g)].map(([, place]) => place!);
}

test('a row says its place, its team, its error rate and how uncertain that is', () => {
  const markup = page(aBoard([aRow(1, { wer: 0.118, interval: [0.111, 0.126] })]));
  expect(markup).toContain('<td class="place">1</td>');
  expect(markup).toMatch(/<th scope="row" class="team">.*Команда 1.*3 участника/);
  expect(markup).toContain('<b>11,8</b><small>±0,8</small>');
  expect(markup).toContain('aria-label="95\u00a0% интервал: 11,1–12,6\u00a0%"');
  expect(markup).toContain('−1,2\u00a0п.п.');
});

test('tied places are held by a bracket that is said as well as drawn, past a row between them', () => {
  const rows = [aRow(1), aRow(2, { tied: 2 }), aRow(9, baseline), aRow(3, { tied: 2 })];
  for (const markup of [page(aBoard(rows)), live(aBoard(rows))]) {
    expect(markup.match(/>ничья, места 2–3</g)).toHaveLength(2);
    expect([...markup.matchAll(/bracket is-(\w+)/g)].map(([, part]) => part)).toEqual(['top', 'middle', 'bottom']);
  }
});

test('the baseline has no place and is said to stand outside the ranking', () => {
  const markup = page(aBoard([aRow(1), aRow(2, baseline), aRow(2)]));
  expect(places(markup)).toEqual(['1', '—', '2']);
  expect(markup).toContain('организаторы · вне зачёта');
});

test('a team without a score stands on the board without a rate', () => {
  const markup = page(aBoard([aRow(1), aRow(2, { rank: null, wer: null, interval: null, history: [], change: null })]));
  expect(places(markup)).toEqual(['1', '—']);
  expect(markup).toContain('<td class="number rate">—</td>');
});

test('only the viewer’s own team is marked, and nobody’s in what everybody gets', () => {
  const board = aBoard([aRow(1), aRow(2)]);
  expect(page(board)).not.toContain('is-own');
  expect(page(board, aRow(2).teamId).match(/is-own/g)).toHaveLength(1);
});

test('a team’s name is text, whatever it is made of', () => {
  const markup = page(aBoard([aRow(1, { team: '<img src=x onerror=alert(1)> & "co"' })]));
  expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;');
});

test('nothing carries a style of its own: the policy of the pages allows style sheets only', () => {
  const board = aBoard([aRow(1), aRow(2, baseline)]);
  expect(page(board) + live(board)).not.toMatch(/ style=|<style/);
});

test('the audience sees every team of a hundred and twenty: ten large, the others by pages of fifteen at most', () => {
  const rows = Array.from({ length: 120 }, (_, i) => aRow(i + 1, { tied: 1 }));
  const all = [...rows.slice(0, 4), aRow(121, baseline), ...rows.slice(4)];
  const { first, pages } = divide(all);
  expect(first).toHaveLength(11);
  expect(pages.map((page) => page.length)).toEqual([14, 14, 14, 13, 14, 14, 14, 13]);
  expect([first, ...pages].flat().map(({ row }) => row.teamId)).toEqual(all.map((row) => row.teamId));
  const markup = live(aBoard(all));
  expect(places(markup)).toHaveLength(121);
  expect(markup.match(/class="number change/g)).toHaveLength(1 + 11);
});

test('forty teams of the longest names, each with a history, leave room for the rest of a phone’s 40 kB', () => {
  const history = Array.from({ length: 8 }, (_, i) => [`2026-11-1${i}T15:02:00.000Z`, 0.5 - i / 50] as const);
  const longest = { team: 'Щ'.repeat(40), isDemo: true, tied: 1, history };
  const markup = live(aBoard(Array.from({ length: 40 }, (_, i) => aRow(i + 1, longest))));
  expect(Buffer.byteLength(markup)).toBeLessThan(34_000);
});

test('a board of a few teams needs no second table', () => {
  expect(live(aBoard([aRow(1), aRow(2)])).match(/<table/g)).toHaveLength(1);
});

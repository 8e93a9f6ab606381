import { type AlignedUtterance, analyse } from '#scoring/wer/analyse.ts';
import { figuresIn } from './figures.ts';
import type { Text } from './markup.ts';
import { harmless } from './width.ts';

const topWords = 20;

type Top = { said: string | 0; heard: string | 0; count: number };

/** The most frequent errors of every system; a click on one shows where its system made it. */
export function topsMarkup(names: readonly string[], systems: readonly AlignedUtterance[][], text: Text): string {
  const { t, escaped } = text;
  const parts = systems.map((utterances, system) => {
    const name = systems.length === 1 ? '' : `<h3><bdi>${escaped(names[system]!)}</bdi></h3>`;
    return `<div data-of="${system}">${name}${listsMarkup(system, utterances, text)}</div>`;
  });
  return `<section><h2>${escaped(t('cli.report-frequent'))}</h2>${parts.join('\n')}</section>`;
}

function listsMarkup(system: number, utterances: readonly AlignedUtterance[], text: Text): string {
  const { t, escaped } = text;
  const { confusions, deletions, insertions } = analyse(utterances);
  const tops: [string, Top[]][] = [
    [
      t('cli.report-confusions'),
      confusions
        .slice(0, topWords)
        .map(({ reference, hypothesis, count }) => ({ said: reference, heard: hypothesis, count })),
    ],
    [
      t('cli.report-deletions'),
      deletions.slice(0, topWords).map(({ word, count }) => ({ said: word, heard: 0, count })),
    ],
    [
      t('cli.report-insertions'),
      insertions.slice(0, topWords).map(({ word, count }) => ({ said: 0, heard: word, count })),
    ],
  ];
  const parts = tops.map(([title, lines]) => {
    const body = lines.map((line) => topLine(system, line, text)).join('\n');
    return `<div><h4>${escaped(title)}</h4>${body === '' ? `<p class="soft">${escaped(t('cli.report-none'))}</p>` : `<table>${body}</table>`}</div>`;
  });
  return `<div class="tops">${parts.join('\n')}</div>`;
}

function topLine(system: number, { said, heard, count }: Top, { t, escaped }: Text): string {
  const words = [said, heard].filter((word) => word !== 0).map((word) => `<bdi>${escaped(word)}</bdi>`);
  const pair = JSON.stringify([system, ...[said, heard].map((word) => (word === 0 ? 0 : harmless(word)))]);
  return `<tr><td><button type="button" class="pick" data-pair="${escaped(pair)}">${words.join(' → ')}</button></td><td class="num">${escaped(figuresIn(t).count(count))}</td></tr>`;
}

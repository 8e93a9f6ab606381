import { basename } from 'node:path';
import { figuresIn, verdictsOn } from './figures.ts';
import type { Text } from './markup.ts';
import { measuresOf } from './measures.ts';
import type { Ranked } from './ranking.ts';
import { namesOf, type Scoring, type System } from './result.ts';
import { comparisonNote, notesOn, rankingNote } from './summary.ts';

/** The name of the report, how it was scored, and the figures of a system that stands alone; several have a table. */
export function headMarkup(scoring: Scoring, text: Text): string {
  const { references, referenceFile, scorerVersion, systems } = scoring;
  const { t, escaped } = text;
  const { profile } = references.normaliser;
  const hypothesis = systems.map(({ file }) => basename(file)).join(', ');
  const under = [
    t('cli.score-head', { utterances: references.length, profile, version: scorerVersion }),
    t('cli.report-files', { reference: basename(referenceFile), count: systems.length, hypothesis }),
    ...notesOn(scoring, t),
  ];
  return `<h1>${escaped(titleOf(systems, text))}</h1>
${under.map((line) => `<p class="soft">${escaped(line)}</p>`).join('\n')}
${systems.length === 1 ? factsMarkup(systems[0], text) : ''}
<p class="soft">${escaped(t('cli.report-interval-note'))}</p>`;
}

export function titleOf(systems: Scoring['systems'], { t }: Text): string {
  if (systems.length === 1) return t('cli.report-title', { file: basename(systems[0].file) });
  return t('cli.report-title-several', { count: systems.length });
}

function factsMarkup(system: System, { t, escaped }: Text): string {
  const figures = figuresIn(t);
  const rates = [
    fact('WER', figures.rate(system.words.errorRate), figures.interval(system.words.interval), 'main'),
    system.characters
      ? fact('CER', figures.rate(system.characters.errorRate), figures.interval(system.characters.interval))
      : '',
    ...Object.entries(measuresOf(system)).map(([name, value]) => fact(name.toUpperCase(), figures.rate(value))),
  ];
  const counts = (['hits', 'substitutions', 'deletions', 'insertions', 'reference'] as const).map((name) =>
    fact(t(`cli.report-${name}`), figures.count(system.words[name])),
  );
  return `<dl class="facts">${rates.join('')}</dl><dl class="facts">${counts.join('')}</dl>`;

  function fact(name: string, value: string, below = '', kind = ''): string {
    const small = below === '' ? '' : `<small>${escaped(below)}</small>`;
    return `<div class="${kind}"><dt>${escaped(name)}</dt><dd>${escaped(value)}${small}</dd></div>`;
  }
}

/** The verdict stands beside the name, where a narrow screen shows it; intervals stand below what they belong to. */
export function comparisonMarkup(systems: readonly System[], text: Text): string {
  const { t, escaped } = text;
  const figures = figuresIn(t);
  const cell = numberCell(text);
  const names = namesOf(systems);
  const verdicts = verdictsOn(systems);
  const lines = systems.map((system, i) => {
    const { words, characters, comparison } = system;
    const verdict = verdicts[i];
    const ser = figures.rate(measuresOf(system).ser);
    return `<tr><td>${escaped(names[i]!)}</td><td class="${verdict ?? ''}">${verdict ? escaped(t(`cli.verdict-${verdict}`)) : ''}</td>${[
      cell(figures.rate(words.errorRate), figures.interval(words.interval)),
      characters ? cell(figures.rate(characters.errorRate), figures.interval(characters.interval)) : '',
      cell(ser),
      ...[words.substitutions, words.deletions, words.insertions].map((count) => cell(figures.count(count))),
      comparison ? cell(figures.points(comparison.difference), figures.pointsInterval(comparison.interval)) : cell(''),
      cell(comparison ? figures.pValue(comparison.pValue) : ''),
    ].join('')}</tr>`;
  });
  const hasCharacters = systems[0]!.characters !== null;
  const numbers = ['WER', ...(hasCharacters ? ['CER'] : []), 'SER', 'S', 'D', 'I', t('cli.table-difference'), 'p'];
  const head = headCells([t('cli.table-system'), t('cli.table-verdict')], numbers, text);
  return `<section><h2>${escaped(t('cli.report-comparison'))}</h2><div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>
<p class="soft">${escaped(comparisonNote(systems, t))}</p></section>`;
}

/** A group of lines for every class; a class of several has a bracket beside it, which says so in a word. */
export function rankingMarkup(ranking: readonly Ranked[], systems: readonly System[], text: Text): string {
  const { t, escaped } = text;
  const figures = figuresIn(t);
  const cell = numberCell(text);
  const names = namesOf(systems);
  const classes = [...new Set(ranking.map(({ tieClass }) => tieClass))].map((number) =>
    ranking.filter(({ tieClass }) => tieClass === number),
  );
  const lineOf = ({ system, place, against, difference, pValue }: Ranked, i: number, members: readonly Ranked[]) => {
    const isTied = members.length > 1;
    const bracket = `<td rowspan="${members.length}" class="tie${isTied ? ' tied' : ''}">${isTied ? escaped(t('cli.ranking-class')) : ''}</td>`;
    const { errorRate, interval } = systems[system]!.words;
    return `<tr><td class="num place">${place === null ? '—' : figures.count(place)}</td>${i === 0 ? bracket : ''}<td>${escaped(names[system]!)}</td>${[
      cell(figures.rate(errorRate), figures.interval(interval)),
      cell(against === null ? '' : figures.points(difference)),
      cell(against === null ? '' : figures.pValue(pValue)),
    ].join('')}<td>${against === null ? '' : escaped(names[against]!)}</td></tr>`;
  };
  const bodies = classes.map((members) => `<tbody>${members.map(lineOf).join('\n')}</tbody>`);
  const place = `<th scope="col" class="num place">${escaped(t('cli.ranking-place'))}</th><th scope="col">${escaped(t('cli.ranking-class'))}</th>`;
  const numbers = ['WER', t('cli.ranking-difference'), t('cli.ranking-p')];
  const head = `${place}${headCells([t('cli.table-system')], numbers, text)}${headCells([t('cli.ranking-against')], [], text)}`;
  return `<section><h2>${escaped(t('cli.ranking-title'))}</h2><div class="scroll ranking" tabindex="0"><table><thead><tr>${head}</tr></thead>
${bodies.join('\n')}</table></div>
<p class="soft">${escaped(rankingNote(systems, t))}</p></section>`;
}

function headCells(texts: readonly string[], numbers: readonly string[], { escaped }: Text): string {
  return [
    ...texts.map((title) => `<th scope="col">${escaped(title)}</th>`),
    ...numbers.map((title) => `<th scope="col" class="num">${escaped(title)}</th>`),
  ].join('');
}

function numberCell({ escaped }: Text) {
  return (value: string, below = '') => {
    const small = below === '' ? '' : `<small>${escaped(below)}</small>`;
    return `<td class="num">${escaped(value)}${small}</td>`;
  };
}

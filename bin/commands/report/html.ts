import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Translate } from '#lib/messages/translate.ts';
import { analyse } from '#scoring/wer/analyse.ts';
import type { AlignedText } from './alignment.ts';
import { figuresIn, verdictsOn } from './figures.ts';
import { measuresOf } from './measures.ts';
import { type Cell, createPage, type PageLabels, type Row } from './page.ts';
import { alignedUtterances, type Scoring, type System } from './result.ts';
import { style } from './style.ts';
import { comparisonNote } from './summary.ts';
import { harmless } from './width.ts';

/** So many utterances are in the page from the start and come with every further step; the rest is data until then. */
const step = 200;
const topWords = 20;

/**
 * The whole report as one file that fetches nothing: its policy allows only this style and this script. Whatever came from the
 * files of the user is escaped in markup, and cannot end its element in the data.
 */
export function reportPage(scoring: Scoring, t: Translate): string {
  const labels: PageLabels = {
    // The page fills these places itself.
    errors: t('cli.report-errors', { errors: '{errors}', words: '{words}' }),
    shown: t('cli.report-shown', { shown: '{shown}', total: '{total}' }),
    language: t('cli.report-language'),
    step,
  };
  const page = createPage(labels);
  const utterances = [...alignedUtterances(scoring, 'all')];
  const rows = utterances.map(rowOf);
  const first = rows.filter((row) => row[2] + row[3] + row[4] > 0).sort(page.orders.errors);
  const script = `const page=(${createPage.toString()})(${embedded(labels)});page.start(JSON.parse(document.querySelector('#data').textContent));`;
  const title = t('cli.report-title', { file: basename(scoring.systems[0].file) });
  const text = { t, escaped: (value: string) => page.escaped(harmless(value)) };
  return `<!doctype html>
<html lang="${labels.language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${text.escaped(title)}</title><style>${style}</style></head><body><main>
${headMarkup(scoring, title, text)}
${scoring.systems.length > 1 ? comparisonMarkup(scoring.systems, text) : ''}
${topsMarkup(utterances, text)}
<section id="utterances"><h2>${text.escaped(t('cli.report-utterances'))}</h2>
${legendMarkup(text)}
${controlsMarkup(text)}
<div id="list">${first.slice(0, step).map(page.rowMarkup).join('\n')}</div>
<button type="button" id="more" hidden>${text.escaped(t('cli.report-more'))}</button></section>
</main><script type="application/json" id="data">${embedded(rows)}</script><script>${script}</script></body></html>
`;
}

type Text = { t: Translate; escaped(value: string): string };

/** JSON that is text of a script element: nothing in it opens or closes an element. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function rowOf({ id, reference, hypothesis, steps }: AlignedText): Row {
  const cells: Cell[] = [];
  const counts = { hit: 0, substitution: 0, deletion: 0, insertion: 0 };
  let hits: string[] = [];
  const close = () => {
    if (hits.length > 0) cells.push(hits.join(' '));
    hits = [];
  };
  for (const one of steps) {
    counts[one.kind] += 1;
    if (one.kind === 'hit') {
      hits.push(harmless(reference[one.reference]!));
      continue;
    }
    close();
    const said = one.kind === 'insertion' ? 0 : harmless(reference[one.reference]!);
    cells.push([said, one.kind === 'deletion' ? 0 : harmless(hypothesis[one.hypothesis]!)]);
  }
  close();
  return [harmless(id), reference.length, counts.substitution, counts.deletion, counts.insertion, cells];
}

function headMarkup({ references, referenceFile, scorerVersion, systems }: Scoring, title: string, text: Text): string {
  const { t, escaped } = text;
  const [system] = systems;
  const figures = figuresIn(t);
  const { profile } = references.normaliser;
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
  const under = [
    t('cli.score-head', { utterances: references.length, profile, version: scorerVersion }),
    t('cli.report-files', { reference: basename(referenceFile), hypothesis: basename(system.file) }),
  ];
  return `<h1>${escaped(title)}</h1>
${under.map((line) => `<p class="soft">${escaped(line)}</p>`).join('\n')}
<dl class="facts">${rates.join('')}</dl><dl class="facts">${counts.join('')}</dl>
<p class="soft">${escaped(t('cli.report-interval-note'))}</p>`;

  function fact(name: string, value: string, below = '', kind = ''): string {
    const small = below === '' ? '' : `<small>${escaped(below)}</small>`;
    return `<div class="${kind}"><dt>${escaped(name)}</dt><dd>${escaped(value)}${small}</dd></div>`;
  }
}

/** The verdict stands beside the name, where a narrow screen shows it; intervals stand below what they belong to. */
function comparisonMarkup(systems: readonly System[], { t, escaped }: Text): string {
  const figures = figuresIn(t);
  const names = namesOf(systems);
  const verdicts = verdictsOn(systems);
  const cell = (value: string, below = '') => {
    const small = below === '' ? '' : `<small>${escaped(below)}</small>`;
    return `<td class="num">${escaped(value)}${small}</td>`;
  };
  const lines = systems.map(({ words, characters, comparison }, i) => {
    const verdict = verdicts[i];
    return `<tr><td>${escaped(names[i]!)}</td><td class="${verdict ?? ''}">${verdict ? escaped(t(`cli.verdict-${verdict}`)) : ''}</td>${[
      cell(figures.rate(words.errorRate), figures.interval(words.interval)),
      characters ? cell(figures.rate(characters.errorRate), figures.interval(characters.interval)) : '',
      ...[words.substitutions, words.deletions, words.insertions].map((count) => cell(figures.count(count))),
      comparison ? cell(figures.points(comparison.difference), figures.pointsInterval(comparison.interval)) : cell(''),
      cell(comparison ? figures.pValue(comparison.pValue) : ''),
    ].join('')}</tr>`;
  });
  const numbers = ['WER', ...(systems[0]!.characters ? ['CER'] : []), 'S', 'D', 'I', t('cli.table-difference'), 'p'];
  const head = [
    ...[t('cli.table-system'), t('cli.table-verdict')].map((title) => `<th scope="col">${escaped(title)}</th>`),
    ...numbers.map((title) => `<th scope="col" class="num">${escaped(title)}</th>`),
  ];
  return `<section><h2>${escaped(t('cli.report-comparison'))}</h2><div class="scroll" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead>
<tbody>${lines.join('\n')}</tbody></table></div>
<p class="soft">${escaped(comparisonNote(systems, t))}</p></section>`;
}

/** Names without folders, where that tells them apart. */
function namesOf(systems: readonly System[]): string[] {
  const names = systems.map(({ file }) => basename(file));
  return new Set(names).size === names.length ? names : systems.map(({ file }) => file);
}

type Top = { said: string | 0; heard: string | 0; count: number };

function topsMarkup(utterances: readonly AlignedText[], text: Text): string {
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
    const body = lines.map((line) => topLine(line, text)).join('\n');
    return `<div><h3>${escaped(title)}</h3>${body === '' ? `<p class="soft">${escaped(t('cli.report-none'))}</p>` : `<table>${body}</table>`}</div>`;
  });
  return `<section><h2>${escaped(t('cli.report-frequent'))}</h2><div class="tops">${parts.join('\n')}</div></section>`;
}

function topLine({ said, heard, count }: Top, { t, escaped }: Text): string {
  const words = [said, heard].filter((word) => word !== 0).map((word) => `<bdi>${escaped(word)}</bdi>`);
  const pair = JSON.stringify([said, heard].map((word) => (word === 0 ? 0 : harmless(word))));
  return `<tr><td><button type="button" class="pick" data-pair="${escaped(pair)}">${words.join(' → ')}</button></td><td class="num">${escaped(figuresIn(t).count(count))}</td></tr>`;
}

function legendMarkup({ t, escaped }: Text): string {
  const parts = (
    [
      ['sub', 'S', 'cli.report-substitution'],
      ['del', 'D', 'cli.report-deletion'],
      ['ins', 'I', 'cli.report-insertion'],
    ] as const
  ).map(([kind, sign, key]) => `<span class="${kind}"><b>${sign}</b> ${escaped(t(key))}</span>`);
  return `<p class="legend soft">${escaped(t('cli.report-legend'))} ${parts.join(' ')}</p>`;
}

function controlsMarkup({ t, escaped }: Text): string {
  const choice = (id: string, label: string, options: [string, string][]) =>
    `<label>${escaped(label)}<select id="${id}">${options
      .map(([value, name]) => `<option value="${value}">${escaped(name)}</option>`)
      .join('')}</select></label>`;
  const order = choice('order', t('cli.report-order'), [
    ['errors', t('cli.report-order-errors')],
    ['rate', t('cli.report-order-rate')],
    ['length', t('cli.report-order-length')],
    ['id', t('cli.report-order-id')],
    ['file', t('cli.report-order-file')],
  ]);
  const kind = choice('kind', t('cli.report-kind'), [
    ['errors', t('cli.report-kind-errors')],
    ['S', t('cli.report-kind-substitutions')],
    ['D', t('cli.report-kind-deletions')],
    ['I', t('cli.report-kind-insertions')],
    ['all', t('cli.report-kind-all')],
  ]);
  const search = `<label class="wide">${escaped(t('cli.report-search'))}<input id="search" type="search" autocomplete="off"></label>`;
  return `<div id="controls" hidden>${order}${kind}${search}<button type="button" id="picked" hidden></button><span id="shown" class="soft" role="status"></span></div>`;
}

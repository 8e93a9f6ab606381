import { createHash } from 'node:crypto';
import type { Translate } from '#lib/messages/translate.ts';
import type { Text } from './markup.ts';
import { type Cell, createPage, type PageLabels, type Row, type Side } from './page.ts';
import { type AlignedText, type Alignment, alignedUtterances, namesOf, type Scoring } from './result.ts';
import { style } from './style.ts';
import { comparisonMarkup, headMarkup, rankingMarkup, titleOf } from './tables.ts';
import { topsMarkup } from './tops.ts';
import { harmless } from './width.ts';

/** So many utterances are in the page from the start and come with every further step; the rest is data until then. */
const step = 200;
const all = -1;

/**
 * The whole report as one file that fetches nothing: its policy allows only this style and this script. Whatever came from the
 * files of the user is escaped in markup, and cannot end its element in the data. `tick` is told how many utterances are aligned.
 */
export function reportPage(scoring: Scoring, t: Translate, tick: (done: number, total: number) => void): string {
  const { references, systems, ranking } = scoring;
  const labels: PageLabels = {
    // The page fills these places itself.
    errors: t('cli.report-errors', { errors: '{errors}', words: '{words}' }),
    shown: t('cli.report-shown', { shown: '{shown}', total: '{total}' }),
    language: t('cli.report-language'),
    step,
    names: namesOf(systems).map(harmless),
  };
  const page = createPage(labels);
  const utterances: AlignedText[] = [];
  for (const utterance of alignedUtterances(scoring, 'all')) {
    utterances.push(utterance);
    tick(utterances.length, references.length);
  }
  const rows = utterances.map(rowOf);
  const wrong = rows.filter(([, sides]) => sides.some((side) => side[1] + side[2] + side[3] > 0));
  const first = wrong.sort((a, b) => page.orders.errors!(a, b, all)).slice(0, step);
  const script = `const page=(${createPage.toString()})(${embedded(labels)});page.start(JSON.parse(document.querySelector('#data').textContent));`;
  const text: Text = { t, escaped: (value) => page.escaped(harmless(value)) };
  const bySystem = systems.map((_, i) => utterances.map((utterance) => utterance.systems[i]!));
  return `<!doctype html>
<html lang="${labels.language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${text.escaped(titleOf(systems, text))}</title><style>${style}</style></head><body><main>
${headMarkup(scoring, text)}
${systems.length > 1 ? comparisonMarkup(systems, text) : ''}
${ranking ? rankingMarkup(ranking, systems, text) : ''}
${topsMarkup(labels.names, bySystem, text)}
<section id="utterances"><h2>${text.escaped(t('cli.report-utterances'))}</h2>
${legendMarkup(text)}
${controlsMarkup(labels.names, text)}
<div id="list">${first.map((row) => page.rowMarkup(row)).join('\n')}</div>
<button type="button" id="more" hidden>${text.escaped(t('cli.report-more'))}</button></section>
</main><script type="application/json" id="data">${embedded(rows)}</script><script>${script}</script></body></html>
`;
}

/** JSON that is text of a script element: nothing in it opens or closes an element. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function rowOf({ id, systems }: AlignedText): Row {
  return [harmless(id), systems.map(sideOf)];
}

function sideOf({ reference, hypothesis, steps }: Alignment): Side {
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
  return [reference.length, counts.substitution, counts.deletion, counts.insertion, cells];
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

function controlsMarkup(names: readonly string[], { t, escaped }: Text): string {
  const several = names.length > 1;
  const choice = (id: string, label: string, options: [string, string][]) =>
    `<label>${escaped(label)}<select id="${id}">${options
      .map(([value, name]) => `<option value="${value}">${escaped(name)}</option>`)
      .join('')}</select></label>`;
  const views = names.map((name, i): [string, string] => [String(i), name]);
  const view = several ? choice('view', t('cli.report-view'), [[String(all), t('cli.report-view-all')], ...views]) : '';
  const order = choice('order', t('cli.report-order'), [
    ['errors', t('cli.report-order-errors')],
    ['rate', t('cli.report-order-rate')],
    ...(several ? [['spread', t('cli.report-order-spread')] satisfies [string, string]] : []),
    ['length', t('cli.report-order-length')],
    ['id', t('cli.report-order-id')],
    ['file', t('cli.report-order-file')],
  ]);
  const kind = choice('kind', t('cli.report-kind'), [
    ['errors', t('cli.report-kind-errors')],
    ...(several ? [['differ', t('cli.report-kind-differ')] satisfies [string, string]] : []),
    ['S', t('cli.report-kind-substitutions')],
    ['D', t('cli.report-kind-deletions')],
    ['I', t('cli.report-kind-insertions')],
    ['all', t('cli.report-kind-all')],
  ]);
  const search = `<label class="wide">${escaped(t('cli.report-search'))}<input id="search" type="search" autocomplete="off"></label>`;
  return `<div id="controls" hidden>${view}${order}${kind}${search}<button type="button" id="picked" hidden></button><span id="shown" class="soft" role="status"></span></div>`;
}

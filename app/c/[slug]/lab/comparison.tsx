import Link from 'next/link';
import { errorsOf } from '#lib/counts.ts';
import { countsAt } from '#scoring/columns.ts';
import type { LabComparison } from '#scoring/lab/comparison.ts';
import { Facts } from '#ui/facts.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { labHref } from './query.ts';
import { type Lab, nameOf, type Other } from './view.ts';

/** Below this a difference is called one. */
const significance = 0.05;
const smallestShown = 0.001;
const mostChanges = 10;

type Change = { i: number; from: number; to: number };

/** Whether one file is better than another, and the utterances in which that shows. */
export function ComparisonPanel({ lab, other }: { lab: Lab; other: Other }) {
  const { visit: v } = lab;
  const { t, formats } = v;
  const { comparison } = other;
  const names = namesOf(lab, other);
  const changes = changesOf(lab, other);
  const better = changes.filter(({ from, to }) => to < from).sort((a, b) => a.to - a.from - (b.to - b.from));
  const worse = changes.filter(({ from, to }) => to > from).sort((a, b) => b.to - b.from - (a.to - a.from));
  const verdict = comparison && verdictOf(comparison);
  return (
    <Panel title={t('lab.comparison')}>
      {verdict && (
        <div className="mb-5">
          <p className="text-xl font-semibold break-words">{t(`lab.comparison-${verdict}`, names)}</p>
          {verdict !== 'same' && (
            <p className="text-soft">
              {t(`lab.comparison-${verdict === 'better' || verdict === 'worse' ? 'clear' : verdict}-text`)}
            </p>
          )}
        </div>
      )}
      <Facts
        facts={[
          ...(comparison ? figures(lab, comparison) : []),
          { term: t('lab.better'), value: formats.number(better.length) },
          { term: t('lab.worse'), value: formats.number(worse.length) },
          { term: t('lab.same'), value: formats.number(changes.length - better.length - worse.length) },
        ]}
      />
      <div className="mt-6 grid grid-cols-[minmax(0,1fr)] items-start gap-x-10 gap-y-6 lg:grid-cols-2">
        <Changes lab={lab} changes={better} title={t('lab.better')} caption={t('lab.better-caption', names)} />
        <Changes lab={lab} changes={worse} title={t('lab.worse')} caption={t('lab.worse-caption', names)} />
      </div>
    </Panel>
  );
}

/** With the times where the names alone do not tell the files apart. */
function namesOf(lab: Lab, other: Other): { first: string; second: string } {
  const { formats, competition } = lab.visit;
  const [first, second] = [nameOf(lab, lab.file), nameOf(lab, other.file)];
  if (first !== second) return { first, second };
  const at = (file: Lab['file']) => formats.shortInstant(file.receivedAt, competition.timeZone);
  return { first: `${first} (${at(lab.file)})`, second: `${second} (${at(other.file)})` };
}

type Verdict = 'better' | 'worse' | 'none' | 'unknown' | 'same';

function verdictOf({ pValue, difference }: LabComparison): Verdict {
  if (pValue === 1 && difference === 0) return 'same';
  if (pValue === null) return 'unknown';
  if (pValue >= significance) return 'none';
  return difference < 0 ? 'better' : 'worse';
}

function figures({ visit: { t, formats } }: Lab, { difference, interval, pValue }: LabComparison) {
  const range = interval && `${formats.points(interval[0])} … ${formats.points(interval[1])}`;
  const small = t('lab.p-value-small', { limit: smallestShown });
  return [
    {
      term: t('lab.difference'),
      value: formats.points(difference),
      note: range && t('lab.interval', { interval: range }),
    },
    {
      term: t('lab.p-value'),
      value: pValue === null ? '—' : pValue < smallestShown ? small : formats.number(pValue, 3),
      note: t('lab.p-value-note'),
    },
  ];
}

/** Errors of every utterance, from the other file's to the first's. */
function changesOf({ split, analysis }: Lab, other: Other): Change[] {
  return split.utterances.map((_, i) => ({
    i,
    from: errorsOf(countsAt(other.analysis.words, i)),
    to: errorsOf(countsAt(analysis.words, i)),
  }));
}

type ChangesProps = { lab: Lab; changes: readonly Change[]; title: string; caption: string };

function Changes({ lab, changes, title, caption }: ChangesProps) {
  const { visit: v, split, query } = lab;
  const { t } = v;
  return (
    <section className="min-w-0">
      <h3 className="mb-2 font-semibold">{title}</h3>
      {changes.length === 0 && <p className="text-soft">{t('lab.changed-none')}</p>}
      {changes.length > 0 && (
        <Table caption={caption} columns={[{ label: t('lab.utterance') }, { label: t('lab.change'), look: 'number' }]}>
          {changes.slice(0, mostChanges).map(({ i, from, to }) => (
            <tr key={i}>
              <th scope="row" className="break-words">
                <Link
                  href={`${labHref(v.slug, query, { utterance: split.utterances[i]!.id })}#utterance`}
                  prefetch={false}
                  className="link line-clamp-2"
                >
                  {split.utterances[i]!.references[0] || split.utterances[i]!.id}
                </Link>
              </th>
              <td className="number">{t('lab.from-to', { from, to })}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

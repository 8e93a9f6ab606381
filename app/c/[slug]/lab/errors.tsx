import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Confusion, WordError } from '#scoring/lab/analysis.ts';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { labHref } from './query.ts';
import type { Lab } from './view.ts';
import { Whole } from './whole.tsx';

/** Which words are most often taken for which, left out and added; each leads to the utterances that have it. */
export function ErrorPanels({ lab }: { lab: Lab }) {
  const { confusions, deletions, insertions } = lab.analysis;
  const rows = {
    confusions: confusions.map((error: Confusion) => ({
      ...error,
      has: `s ${error.reference} ${error.hypothesis}`,
      label: (
        <>
          {error.reference} <span aria-hidden="true">→</span> {error.hypothesis}
        </>
      ),
    })),
    deletions: deletions.map((error: WordError) => ({ ...error, has: `d ${error.word}`, label: error.word })),
    insertions: insertions.map((error: WordError) => ({ ...error, has: `i ${error.word}`, label: error.word })),
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 md:grid-cols-2 lg:grid-cols-3">
      {(['confusions', 'deletions', 'insertions'] as const).map((kind) => (
        <ErrorPanel key={kind} lab={lab} kind={kind} rows={rows[kind]} />
      ))}
    </div>
  );
}

/** So many stand there until all are asked for. */
const mostShown = 15;

type Row = { has: string; label: ReactNode; count: number };
type PanelProps = { lab: Lab; kind: 'confusions' | 'deletions' | 'insertions'; rows: readonly Row[] };

function ErrorPanel({ lab, kind, rows }: PanelProps) {
  const { visit: v, query } = lab;
  const { kinds } = lab.analysis;
  const { t, formats } = v;
  const isWhole = query.all === kind;
  const shown = isWhole ? rows : rows.slice(0, mostShown);
  if (rows.length === 0) {
    return (
      <Panel title={t(`lab.${kind}`)}>
        <p className="text-soft">{t('lab.errors-none')}</p>
      </Panel>
    );
  }
  return (
    <Panel title={<span id={kind}>{t(`lab.${kind}`)}</span>}>
      <Table
        caption={t(`lab.${kind}-caption`)}
        columns={[
          { label: t(kind === 'confusions' ? 'lab.error' : 'lab.word') },
          { label: t('lab.times'), look: 'number' },
        ]}
      >
        {shown.map(({ has, label, count }) => (
          <tr key={has}>
            <th scope="row" className="break-words">
              <Link href={`${labHref(v.slug, query, { has, utterance: null })}#list`} prefetch={false} className="link">
                {label}
              </Link>
            </th>
            <td className="number">{formats.number(count)}</td>
          </tr>
        ))}
      </Table>
      <p className="mt-3 text-sm text-soft">
        <Whole lab={lab} list={kind} isWhole={isWhole} told={rows.length} total={kinds[kind]} most={mostShown} />
      </p>
    </Panel>
  );
}

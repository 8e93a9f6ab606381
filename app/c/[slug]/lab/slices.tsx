import Link from 'next/link';
import type { Slice } from '#scoring/lab/analysis.ts';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { type LabQuery, labHref } from './query.ts';
import type { Lab } from './view.ts';
import { Whole } from './whole.tsx';

/** So many values stand there until all are asked for. */
const mostShown = 12;

/** How error rates differ by what the manifest tells of recordings, and by their durations. */
export function SlicesPanel({ lab }: { lab: Lab }) {
  const { visit: v, analysis } = lab;
  const { t } = v;
  const groups = [
    ...analysis.slices.map(({ key, values, more }) => ({
      key: `slice ${key}`,
      title: key,
      more,
      rows: values.map((slice) => ({
        slice,
        label: slice.value || '—',
        change: { slice: [key, slice.value] } satisfies Partial<LabQuery>,
      })),
    })),
    {
      key: 'length',
      title: t('lab.length'),
      more: 0,
      rows: analysis.lengths.map((slice) => ({
        slice,
        label: t(`lab.length-${slice.value}`),
        change: { length: slice.value } satisfies Partial<LabQuery>,
      })),
    },
  ].filter(({ rows }) => rows.length > 0);
  if (groups.length === 0) return null;
  return (
    <Panel title={<span id="slices">{t('lab.slices')}</span>}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-10 gap-y-8 lg:grid-cols-2">
        {groups.map(({ key, ...group }) => (
          <SliceTable key={key} lab={lab} {...group} />
        ))}
      </div>
    </Panel>
  );
}

type Row = { slice: Slice; label: string; change: Partial<LabQuery> };

function SliceTable({ lab, title, rows, more }: { lab: Lab; title: string; rows: readonly Row[]; more: number }) {
  const { visit: v, query } = lab;
  const { t, formats } = v;
  const isWhole = query.all === 'slices';
  const intervalOf = ({ measure }: Slice) => (measure.interval === null ? '—' : formats.range(...measure.interval));
  return (
    <div className="min-w-0">
      <Table
        caption={`${title}. ${t('lab.slices-caption')}`}
        columns={[
          { label: title },
          { label: t('lab.utterances'), look: 'number' },
          { label: t('lab.rate'), look: 'number' },
          { label: t('lab.interval-column'), look: 'number hidden sm:table-cell' },
        ]}
      >
        {(isWhole ? rows : rows.slice(0, mostShown)).map(({ slice, label, change }) => (
          <tr key={slice.value}>
            <th scope="row">
              <Link
                href={`${labHref(v.slug, query, { slice: null, length: null, has: null, utterance: null, ...change })}#list`}
                prefetch={false}
                className="link"
              >
                {label}
              </Link>
            </th>
            <td className="number">{formats.number(slice.utterances)}</td>
            <td className="number font-semibold">
              {formats.percent(slice.measure.errorRate)}
              <span className="block text-xs font-normal text-soft sm:hidden">{intervalOf(slice)}</span>
            </td>
            <td className="number hidden text-soft sm:table-cell">{intervalOf(slice)}</td>
          </tr>
        ))}
      </Table>
      <p className="mt-2 text-sm text-soft">
        <Whole
          lab={lab}
          list="slices"
          isWhole={isWhole}
          told={rows.length}
          total={rows.length + more}
          most={mostShown}
        />
      </p>
    </div>
  );
}

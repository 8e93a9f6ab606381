import { type FoldResult, gapOf, type ResultRow, type Results } from '#lib/finals.ts';
import { Chip } from '#ui/chip.tsx';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../visit.ts';

type Props = { visit: Visit; results: Results };

/** One row per team, best first; on a phone the figures that decide stand in view and the rest below the name. */
export function ResultTable({ visit, results }: Props) {
  const { t } = visit;
  const wide = 'number hidden sm:table-cell';
  return (
    <Table
      caption={t('finals.results-caption')}
      columns={[
        { label: t('finals.column-place'), look: 'number' },
        { label: t('finals.column-team') },
        { label: t('finals.column-private'), look: 'number' },
        { label: t('finals.column-public'), look: wide },
        { label: t('finals.column-gap'), look: wide },
        { label: t('finals.column-tied'), look: 'hidden lg:table-cell' },
        { label: t('finals.column-baseline'), look: 'hidden lg:table-cell' },
      ]}
    >
      {results.rows.map((row) => (
        <Row key={row.teamId} visit={visit} row={row} />
      ))}
    </Table>
  );
}

function Row({ visit, row }: { visit: Visit; row: ResultRow }) {
  const { t, formats } = visit;
  const { errors, words, interval } = row.private;
  return (
    <tr className={row.place === null ? 'text-soft' : undefined}>
      <td className="number text-lg font-semibold">{row.place ?? '—'}</td>
      <th scope="row" className="w-full">
        <span className="font-semibold">{row.team}</span>
        <Standing visit={visit} row={row} />
        <p className="text-sm font-normal text-soft">{t('finals.errors', { errors, words })}</p>
        <p className="text-sm font-normal sm:hidden">
          {t('finals.column-public')}: {percentOf(formats, row.public)} · {t('finals.column-gap')}:{' '}
          <GapText formats={formats} row={row} />
        </p>
        <p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-sm font-normal lg:hidden">
          <Tied visit={visit} row={row} />
          <AgainstBaseline visit={visit} row={row} />
        </p>
      </th>
      <td className="number">
        <b className="text-lg font-semibold">{percentOf(formats, row.private)}</b>
        {interval && <p className="text-sm text-soft">{formats.range(...interval)}</p>}
      </td>
      <td className="number hidden sm:table-cell">{percentOf(formats, row.public)}</td>
      <td className="number hidden whitespace-nowrap sm:table-cell">
        <GapText formats={formats} row={row} />
      </td>
      <td className="hidden whitespace-nowrap lg:table-cell">
        <Tied visit={visit} row={row} />
      </td>
      <td className="hidden lg:table-cell">
        <AgainstBaseline visit={visit} row={row} />
      </td>
    </tr>
  );
}

function Standing({ visit: { t }, row }: { visit: Visit; row: ResultRow }) {
  const key =
    row.kind === 'baseline' ? 'baseline' : row.isUnranked ? 'unranked' : row.isGuest ? ('guest' as const) : null;
  return key && <p className="text-sm font-normal text-soft">{t(`finals.is-${key}`)}</p>;
}

function Tied({ visit: { t }, row }: { visit: Visit; row: ResultRow }) {
  if (row.place === null) return null;
  return row.tied === null ? (
    <span className="hidden text-soft lg:inline">{t('finals.tied-alone')}</span>
  ) : (
    <Chip>{t('finals.tied-class', { number: row.tied })}</Chip>
  );
}

function AgainstBaseline({ visit: { t, formats }, row }: { visit: Visit; row: ResultRow }) {
  const { beatsBaseline, pValue } = row;
  if (beatsBaseline === null) return null;
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <Chip look={beatsBaseline ? 'good' : 'plain'}>{t(beatsBaseline ? 'finals.beats' : 'finals.beats-not')}</Chip>
      {pValue !== null && (
        <span className="whitespace-nowrap text-sm text-soft">
          {pValue < 0.001 ? t('finals.p-small') : t('finals.p-value', { p: formats.number(pValue, 3) })}
        </span>
      )}
    </span>
  );
}

function GapText({ formats, row }: { formats: Visit['formats']; row: ResultRow }) {
  const gap = gapOf(row);
  if (gap === null) return '—';
  return (
    <>
      {formats.points(gap.difference)}{' '}
      {gap.interval && <span className="text-sm text-soft sm:block">{formats.pointsRange(...gap.interval)}</span>}
    </>
  );
}

function percentOf(formats: Visit['formats'], { errors, words }: FoldResult): string {
  return formats.percent(words === 0 ? null : errors / words);
}

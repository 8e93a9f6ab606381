import type { BoardRow } from '#lib/board.ts';
import { type Axis, along, type Bracket, staircase, type Times } from './board-figures.ts';
import type { BoardTexts } from './board-texts.ts';
import { Chip } from './chip.tsx';
import { classNames } from './class-names.ts';
import type { Formats } from './format.ts';

/* The cells of a board's row, for the board of the pages and for that of the audience, which shows fewer. */

type IntervalHeadProps = { axis: Axis; texts: BoardTexts; formats: Formats };

export function IntervalHead({ axis, texts, formats }: IntervalHeadProps) {
  return (
    <th scope="col" className="interval">
      <span className="ends">
        <span aria-hidden="true">{formats.number(axis.low * 100)}</span>
        {texts.interval}
        <span aria-hidden="true">{formats.number(axis.high * 100)}</span>
      </span>
    </th>
  );
}

type PlaceProps = { row: BoardRow; bracket: Bracket | null; move: number; texts: BoardTexts };

export function PlaceCell({ row, bracket, move, texts }: PlaceProps) {
  return (
    <td className="place">
      {row.rank ?? '—'}
      {bracket && <Brace bracket={bracket} texts={texts} />}
      {move !== 0 && (
        <span className={move > 0 ? 'move is-up' : 'move'}>
          <span className="sr-only">{move > 0 ? texts.up : texts.down}</span>
          <span aria-hidden="true">{move > 0 ? '▲' : '▼'}</span>
          {Math.abs(move)}
        </span>
      )}
    </td>
  );
}

/** The text is for screen readers alone: public/board.css draws the bracket over it. */
function Brace({ bracket: { part, places }, texts }: { bracket: Bracket; texts: BoardTexts }) {
  return <i className={`bracket is-${part}`}>{places && texts.tied.replace('{places}', places)}</i>;
}

export function TeamCell({ row, isOwn, texts }: { row: BoardRow; isOwn: boolean; texts: BoardTexts }) {
  const people = row.isBaseline ? texts.baseline : (texts.members[row.members] ?? String(row.members));
  return (
    <th scope="row" className="team">
      <span className="name">
        <bdi>{row.team}</bdi> {isOwn && <Chip look="accent">{texts.you}</Chip>}{' '}
        {row.isDemo && <Chip>{texts.demo}</Chip>}
      </span>
      <small>
        {people}
        {row.isBaseline && ` · ${texts.unranked}`}
        {(row.isGuest || row.isUnranked) && ` · ${texts.guest}`}
      </small>
    </th>
  );
}

export function RateCell({ row, formats }: { row: BoardRow; formats: Formats }) {
  const { wer, interval } = row;
  // The rounded interval need not be symmetric: the wider side is the honest one.
  const margin = wer !== null && interval !== null ? Math.max(interval[1] - wer, wer - interval[0]) : null;
  return (
    <td className="number rate">
      {wer === null ? '—' : <b>{formats.rate(wer)}</b>}
      {margin !== null && <small>±{formats.rate(margin)}</small>}
    </td>
  );
}

type IntervalProps = { row: BoardRow; axis: Axis; baseline: number | null; texts: BoardTexts; formats: Formats };

export function IntervalCell({ row, axis, baseline, texts, formats }: IntervalProps) {
  const { wer, interval } = row;
  const [low, high] = interval ?? [wer, wer];
  const x = (rate: number) => `${along(axis, rate)}%`;
  return (
    <td className="interval">
      <svg
        role="img"
        aria-label={low === null || high === null ? '—' : `${texts.interval}: ${formats.range(low, high)}`}
      >
        <line className="axis" x2="100%" y1="50%" y2="50%" />
        {baseline !== null && <line className="mark" x1={x(baseline)} x2={x(baseline)} y2="100%" />}
        {low !== null && high !== null && (
          <rect className="band" x={x(low)} y="50%" width={`${along(axis, high) - along(axis, low)}%`} />
        )}
        {wer !== null && wer <= axis.high && <rect className="point" x={x(wer)} y="50%" />}
      </svg>
      {wer !== null && wer > axis.high && <span aria-hidden="true" className="beyond" />}
    </td>
  );
}

export function ChangeCell({ change, formats }: { change: number | null; formats: Formats }) {
  return (
    <td className={classNames('number change', change !== null && change < 0 && 'is-better')}>
      {change ? formats.points(change) : <span aria-hidden="true">·</span>}
    </td>
  );
}

/** For the eye: the same numbers stand in the data, which can be downloaded. */
export function BestCell({ row, times }: { row: BoardRow; times: Times }) {
  return (
    <td className="best">
      {!row.isBaseline && row.history.length > 0 && (
        <svg viewBox="0 0 80 20" aria-hidden="true">
          <path d={staircase(row.history, times)} />
        </svg>
      )}
    </td>
  );
}

type LastProps = { at: string; now: number | null; formats: Formats; timeZone: string };

export function LastAt({ at, now, formats, timeZone }: LastProps) {
  return (
    <time dateTime={at} suppressHydrationWarning>
      {now === null ? formats.shortInstant(new Date(at), timeZone) : formats.ago(now - Date.parse(at))}
    </time>
  );
}

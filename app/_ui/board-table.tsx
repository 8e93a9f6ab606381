import type { BoardRow, Snapshot } from '#lib/board.ts';
import type { Language } from '#lib/messages/language.ts';
import { type Axis, along, axisOf, type Bracket, brackets, staircase, type Times, timesOf } from './board-figures.ts';
import type { BoardTexts } from './board-texts.ts';
import { Chip } from './chip.tsx';
import { classNames } from './class-names.ts';
import { type Formats, formatsFor } from './format.ts';

type Props = {
  board: Snapshot;
  texts: BoardTexts;
  language: Language;
  timeZone: string;
  /** The viewer's own team; the first paint, which is everybody's, knows none. */
  ownTeamId?: string | null;
  /** Places gained (or, negative, lost) while the page was watched, by team. */
  moves?: ReadonlyMap<string, number>;
  /** Teams whose number has just changed. */
  changed?: ReadonlySet<string>;
  /** Milliseconds since 1970; null prints instants, a number how long ago. */
  now?: number | null;
};

/**
 * The public board. The same component draws the first paint on the server and every update in the browser; it has no state, and
 * rows keep their team's id, so that whoever moves them can follow them.
 */
export function BoardTable({ board, texts, language, timeZone, ownTeamId, moves, changed, now = null }: Props) {
  const formats = formatsFor(language);
  const bracket = brackets(board.rows);
  const axis = axisOf(board.rows);
  const times = timesOf(board.rows, board.at);
  const baseline = board.rows.find((row) => row.isBaseline)?.wer ?? null;
  return (
    <table className="board">
      <caption>
        {texts.caption}. {texts.asOf} <time dateTime={board.at}>{formats.instant(new Date(board.at), timeZone)}</time>
      </caption>
      <BoardHead texts={texts} axis={axis} formats={formats} />
      <tbody>
        {board.rows.map((row, i) => (
          <tr
            key={row.teamId}
            data-team={row.teamId}
            className={classNames(
              row.isBaseline && 'is-baseline',
              row.teamId === ownTeamId && 'is-own',
              changed?.has(row.teamId) && 'is-changed',
            )}
          >
            <PlaceCell row={row} bracket={bracket[i] ?? null} move={moves?.get(row.teamId) ?? 0} texts={texts} />
            <TeamCell row={row} isOwn={row.teamId === ownTeamId} texts={texts} />
            <RateCell row={row} formats={formats} />
            <IntervalCell row={row} axis={axis} baseline={baseline} texts={texts} formats={formats} />
            <td className={classNames('number change', row.change !== null && row.change < 0 && 'is-better')}>
              {row.change !== null && row.change !== 0 ? formats.points(row.change) : <span aria-hidden="true">·</span>}
            </td>
            <BestCell row={row} times={times} />
            <td className="number entries">{formats.number(row.entries)}</td>
            <td className="number last">{row.lastAt && <LastAt at={row.lastAt} {...{ now, formats, timeZone }} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BoardHead({ texts, axis, formats }: { texts: BoardTexts; axis: Axis; formats: Formats }) {
  return (
    <thead>
      <tr>
        <th scope="col">{texts.place}</th>
        <th scope="col">{texts.team}</th>
        <th scope="col" className="number">
          {texts.wer}
        </th>
        <th scope="col" className="interval">
          <span className="ends">
            <span aria-hidden="true">{formats.number(axis.low * 100)}</span>
            {texts.interval}
            <span aria-hidden="true">{formats.number(axis.high * 100)}</span>
          </span>
        </th>
        <th scope="col" className="number change">
          {texts.change}
        </th>
        <th scope="col" className="best">
          {texts.best}
        </th>
        <th scope="col" className="number entries">
          {texts.entries}
        </th>
        <th scope="col" className="number last">
          {texts.last}
        </th>
      </tr>
    </thead>
  );
}

type PlaceProps = { row: BoardRow; bracket: Bracket | null; move: number; texts: BoardTexts };

function PlaceCell({ row, bracket, move, texts }: PlaceProps) {
  return (
    <td className="place">
      {bracket && <span aria-hidden="true" className={`bracket is-${bracket}`} />}
      {row.rank ?? '—'}
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

function TeamCell({ row, isOwn, texts }: { row: BoardRow; isOwn: boolean; texts: BoardTexts }) {
  const people = row.isBaseline ? texts.baseline : (texts.members[row.members] ?? String(row.members));
  return (
    <th scope="row" className="team">
      <span className="name">
        {row.team} {isOwn && <Chip look="accent">{texts.you}</Chip>} {row.isDemo && <Chip>{texts.demo}</Chip>}
      </span>
      <small>
        {people}
        {row.isBaseline && ` · ${texts.unranked}`}
        {row.isGuest && ` · ${texts.guest}`}
      </small>
    </th>
  );
}

function RateCell({ row, formats }: { row: BoardRow; formats: Formats }) {
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

function IntervalCell({ row, axis, baseline, texts, formats }: IntervalProps) {
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

/** For the eye: the same numbers stand in the data, which can be downloaded. */
function BestCell({ row, times }: { row: BoardRow; times: Times }) {
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

function LastAt({ at, now, formats, timeZone }: LastProps) {
  return (
    <time dateTime={at} suppressHydrationWarning>
      {now === null ? formats.shortInstant(new Date(at), timeZone) : formats.ago(now - Date.parse(at))}
    </time>
  );
}

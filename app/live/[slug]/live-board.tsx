import type { BoardRow, Snapshot } from '#lib/board.ts';
import { ChangeCell, IntervalCell, IntervalHead, PlaceCell, RateCell, TeamCell } from '#ui/board-cells.tsx';
import { axisOf, type Bracket, brackets } from '#ui/board-figures.ts';
import type { BoardTexts } from '#ui/board-texts.ts';
import { classNames } from '#ui/class-names.ts';
import type { Formats } from '#ui/format.ts';

/** A row with its bracket, which hangs on all rows around it. */
export type Placed = { row: BoardRow; bracket: Bracket | null };
/** Who always stands there large, and the others by pages. */
export type Division = { first: readonly Placed[]; pages: readonly (readonly Placed[])[] };

const shownLarge = 10;
/** As many rows of a size that is read from the last row stand below each other (public/live.css); beside each other, names are cut. */
const perPage = 15;

/** Divides a board for a screen that nobody scrolls: nobody is cut off, however many there are. */
export function divide(rows: readonly BoardRow[]): Division {
  const bracket = brackets(rows);
  const [first, rest] = splitAfter(
    rows.map((row, i) => ({ row, bracket: bracket[i] ?? null })),
    shownLarge,
  );
  return { first, pages: inParts(rest, Math.ceil(rest.length / perPage)) };
}

/** After the given number of teams; the baseline stands among them and is not counted. */
function splitAfter(rows: readonly Placed[], teams: number): [Placed[], Placed[]] {
  let counted = 0;
  const end = rows.findIndex(({ row }) => !row.isBaseline && ++counted > teams);
  return end === -1 ? [[...rows], []] : [rows.slice(0, end), rows.slice(end)];
}

/** Of nearly the same length each, the longer ones first. */
function inParts<T>(items: readonly T[], parts: number): T[][] {
  const starts = Array.from({ length: parts + 1 }, (_, i) => Math.ceil((items.length * i) / parts));
  return starts.slice(1).map((end, i) => items.slice(starts[i], end));
}

type LargeProps = { board: Snapshot; rows: readonly Placed[]; texts: BoardTexts; formats: Formats };

export function LargeTable({ board, rows, texts, formats }: LargeProps) {
  const axis = axisOf(board.rows);
  const baseline = board.rows.find((row) => row.isBaseline)?.wer ?? null;
  return (
    <table className="board">
      <caption>{texts.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.place}</th>
          <th scope="col">{texts.team}</th>
          <th scope="col" className="number">
            {texts.wer}
          </th>
          <IntervalHead axis={axis} texts={texts} formats={formats} />
          <th scope="col" className="number change">
            {texts.change}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, bracket }) => (
          <tr key={row.teamId} data-team={row.teamId} className={classNames(row.isBaseline && 'is-baseline')}>
            <PlaceCell row={row} bracket={bracket} move={0} texts={texts} />
            <TeamCell row={row} isOwn={false} texts={texts} />
            <RateCell row={row} formats={formats} />
            <IntervalCell row={row} axis={axis} baseline={baseline} texts={texts} formats={formats} />
            <ChangeCell change={row.change} formats={formats} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type SmallProps = { rows: readonly Placed[]; texts: BoardTexts; formats: Formats };

export function SmallTable({ rows, texts, formats }: SmallProps) {
  return (
    <table className="board">
      <thead>
        <tr>
          <th scope="col">{texts.place}</th>
          <th scope="col">{texts.team}</th>
          <th scope="col" className="number">
            {texts.wer}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, bracket }) => (
          <tr key={row.teamId} data-team={row.teamId} className={classNames(row.isBaseline && 'is-baseline')}>
            <PlaceCell row={row} bracket={bracket} move={0} texts={texts} />
            <th scope="row" className="team">
              <bdi>{row.team}</bdi>
            </th>
            <td className="number rate">{row.wer === null ? '—' : <b>{formats.rate(row.wer)}</b>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

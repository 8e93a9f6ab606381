import type { BoardRow, Snapshot } from '#lib/board.ts';
import { ChangeCell, IntervalCell, IntervalHead, PlaceCell, RateCell, TeamCell } from '#ui/board-cells.tsx';
import { axisOf, type Bracket, brackets } from '#ui/board-figures.ts';
import type { BoardTexts } from '#ui/board-texts.ts';
import type { Formats } from '#ui/format.ts';

type Props = { board: Snapshot; texts: BoardTexts; formats: Formats };
type Placed = { row: BoardRow; bracket: Bracket | null };

const shownLarge = 10;
/** More than these stand in two columns. */
const fitsOneColumn = 15;
/** Rows per column that a style of public/live.css has room for. */
const densities = [10, 15, 20, 30, 45] as const;

/** The first ten teams large, the rest beside them in one or two columns: on a projector nobody is cut off, on a phone all follow. */
export function LiveBoard({ board, texts, formats }: Props) {
  const bracket = brackets(board.rows);
  const rows = board.rows.map((row, i) => ({ row, bracket: bracket[i] ?? null }));
  const [large, rest] = splitAfter(rows, shownLarge);
  const perColumn = rest.length > fitsOneColumn ? Math.ceil(rest.length / 2) : rest.length;
  const columns = [rest.slice(0, perColumn), rest.slice(perColumn)].filter((column) => column.length > 0);
  const density = densities.find((most) => perColumn <= most) ?? densities.at(-1);
  return (
    <>
      <LargeTable board={board} rows={large} texts={texts} formats={formats} />
      {columns.length > 0 && (
        <div className={`rest columns-${columns.length} rows-${density}`}>
          {columns.map((column) => (
            <SmallTable key={column[0]!.row.teamId} rows={column} texts={texts} formats={formats} />
          ))}
        </div>
      )}
    </>
  );
}

/** After the given number of teams; the baseline stands among them and is not counted. */
function splitAfter(rows: readonly Placed[], teams: number): [Placed[], Placed[]] {
  let counted = 0;
  const end = rows.findIndex(({ row }) => !row.isBaseline && ++counted > teams);
  return end === -1 ? [[...rows], []] : [rows.slice(0, end), rows.slice(end)];
}

function LargeTable({ board, rows, texts, formats }: Props & { rows: readonly Placed[] }) {
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
          <tr key={row.teamId} data-team={row.teamId} className={row.isBaseline ? 'is-baseline' : undefined}>
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

function SmallTable({ rows, texts, formats }: SmallProps) {
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
          <tr key={row.teamId} data-team={row.teamId} className={row.isBaseline ? 'is-baseline' : undefined}>
            <PlaceCell row={row} bracket={bracket} move={0} texts={texts} />
            <th scope="row" className="team">
              {row.team}
            </th>
            <td className="number rate">{row.wer === null ? '—' : formats.rate(row.wer)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import type { Snapshot } from '#lib/board.ts';
import type { Language } from '#lib/messages/language.ts';
import {
  BestCell,
  ChangeCell,
  IntervalCell,
  IntervalHead,
  LastAt,
  PlaceCell,
  RateCell,
  TeamCell,
} from './board-cells.tsx';
import { type Axis, axisOf, brackets, timesOf } from './board-figures.ts';
import type { BoardTexts } from './board-texts.ts';
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
            <ChangeCell change={row.change} formats={formats} />
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
        <IntervalHead axis={axis} texts={texts} formats={formats} />
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

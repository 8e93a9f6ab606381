import type { Formats } from '#ui/format.ts';
import { type Progress, type ProgressLine, picture } from './progress.ts';

type Props = { progress: Progress; title: string; description: string; formats: Formats; timeZone: string };

/** Every team's best over time; the numbers stand in the table below it. */
export function ProgressChart({
  progress: { lines, from, until, ticks },
  title,
  description,
  formats,
  timeZone,
}: Props) {
  const right = picture.width - picture.right;
  const bottom = picture.height - picture.bottom;
  return (
    <div className="overflow-x-auto">
      <svg
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        role="img"
        aria-labelledby="progress-title progress-text"
        className="h-auto w-full min-w-[38rem] text-[12px] tabular-nums"
        fill="var(--soft)"
      >
        <title id="progress-title">{title}</title>
        <desc id="progress-text">{description}</desc>
        {ticks.map(({ rate, y }) => (
          <g key={rate}>
            <line x1={picture.left} x2={right} y1={y} y2={y} stroke="var(--rule)" />
            <text x={picture.left - 6} y={y + 4} textAnchor="end">
              {formats.percent(rate)}
            </text>
          </g>
        ))}
        <text x={picture.left} y={bottom + 20}>
          {formats.shortInstant(from, timeZone)}
        </text>
        <text x={right} y={bottom + 20} textAnchor="end">
          {formats.shortInstant(until, timeZone)}
        </text>
        {lines.map((line) => (
          <Line key={line.teamId} line={line} right={right} />
        ))}
      </svg>
    </div>
  );
}

const nameLetters = 22;

function Line({ line: { team, path, isBaseline, isFirst, labelY }, right }: { line: ProgressLine; right: number }) {
  const colour = isFirst ? 'var(--accent)' : 'var(--soft)';
  const name = team.length > nameLetters ? `${team.slice(0, nameLetters - 1)}…` : team;
  return (
    <>
      <path
        d={path}
        fill="none"
        stroke={colour}
        strokeWidth={isFirst ? 2.5 : 1.5}
        strokeDasharray={isBaseline ? '2 4' : undefined}
      />
      {labelY !== null && (
        <text
          x={right + 8}
          y={labelY + 4}
          fill={isFirst ? 'var(--accent)' : 'var(--ink)'}
          fontWeight={isFirst ? 600 : 400}
        >
          {name}
        </text>
      )}
    </>
  );
}

import type { Formats } from './format.ts';
import { type Picture, type Progress, type ProgressLine, picture } from './progress.ts';

type Props = {
  progress: Progress;
  title: string;
  description: string;
  formats: Formats;
  timeZone: string;
  of?: Picture;
  className?: string;
};

/** Every team's best over time; the numbers stand in the table beside it. `progress` was laid out for the picture `of`. */
export function ProgressChart({ progress, title, description, formats, timeZone, of = picture, className }: Props) {
  const { lines, from, until, ticks } = progress;
  const [right, bottom] = [of.width - of.right, of.height - of.bottom];
  return (
    <svg
      viewBox={`0 0 ${of.width} ${of.height}`}
      role="img"
      aria-labelledby="progress-title"
      aria-describedby="progress-text"
      className={className}
      fill="var(--soft)"
      fontSize={of.letters}
    >
      <title id="progress-title">{title}</title>
      <desc id="progress-text">{description}</desc>
      {ticks.map(({ rate, y }) => (
        <g key={rate}>
          <line x1={of.left} x2={right} y1={y} y2={y} stroke="var(--rule)" />
          <text x={of.left - 6} y={y + of.letters / 3} textAnchor="end">
            {formats.percent(rate)}
          </text>
        </g>
      ))}
      <text x={of.left} y={bottom + of.letters * 1.6}>
        {formats.shortInstant(from, timeZone)}
      </text>
      <text x={Math.min(of.width, right + of.letters * 5)} y={bottom + of.letters * 1.6} textAnchor="end">
        {formats.shortInstant(until, timeZone)}
      </text>
      {lines.map((line) => (
        <Line key={line.teamId} line={line} right={right} of={of} />
      ))}
    </svg>
  );
}

type LineProps = { line: ProgressLine; right: number; of: Picture };

function Line({ line: { team, path, isBaseline, isFirst, labelY }, right, of: { letters, longestName } }: LineProps) {
  const colour = isFirst ? 'var(--accent)' : 'var(--soft)';
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
          x={right + letters / 2}
          y={labelY + letters / 3}
          fill={isFirst ? 'var(--accent)' : 'var(--ink)'}
          fontWeight={isFirst ? 600 : 400}
        >
          {shortened(team, longestName)}
        </text>
      )}
    </>
  );
}

/** By letters as people count them: an emoji of several code points is one, and is kept whole. */
function shortened(name: string, longest: number): string {
  const letters = [...new Intl.Segmenter('ru', { granularity: 'grapheme' }).segment(name)];
  if (letters.length <= longest) return name;
  return `${letters
    .slice(0, longest - 1)
    .map(({ segment }) => segment)
    .join('')}…`;
}

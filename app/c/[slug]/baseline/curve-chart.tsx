/** A line of the chart; `look` tells lines apart by dash and colour. */
export type ChartLine = { label: string; look: 'plain' | 'accent'; points: readonly (readonly [number, number])[] };

type ChartProps = {
  /** Of the elements inside; unique on the page. */
  id: string;
  title: string;
  /** What there is to see, in words. */
  description: string;
  xLabel: string;
  lines: readonly ChartLine[];
  /** A place on the x axis that matters. */
  mark?: { x: number; label: string } | undefined;
  /** How a number of the y axis is written, to so many decimals. */
  print(value: number, decimals: number): string;
};

/** Small enough that its letters can still be read on a phone, where it is drawn about as large. */
const size = { width: 360, height: 232, left: 50, right: 12, top: 12, bottom: 38 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };

const dashes: Record<ChartLine['look'], string | undefined> = { plain: '5 3', accent: undefined };
const colours: Record<ChartLine['look'], string> = { plain: 'var(--ink)', accent: 'var(--accent)' };

/** Where a point of the data lies in the picture, and what stands at the axes. */
type Scale = {
  x(value: number): number;
  y(value: number): number;
  xTicks: readonly number[];
  yTicks: { readonly values: readonly number[]; readonly decimals: number };
};

/** Lines over a common x axis, from 0 up. The values stand in a table beside it (curves.tsx). */
export function CurveChart({ id, title, description, xLabel, lines, mark, print }: ChartProps) {
  const scale = scaleOf(lines);
  return (
    <figure>
      <figcaption className="font-semibold">{title}</figcaption>
      <Legend lines={lines} mark={mark?.label} />
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-labelledby={`${id}-title ${id}-text`}
        className="mt-2 h-auto w-full max-w-[34rem] text-[12px] tabular-nums"
        fill="var(--soft)"
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-text`}>{description}</desc>
        <Axes scale={scale} xLabel={xLabel} print={print} />
        {mark && <Mark at={scale.x(mark.x)} />}
        {lines.map(({ label, look, points }) => (
          <polyline
            key={label}
            points={points.map(([x, y]) => `${scale.x(x).toFixed(1)},${scale.y(y).toFixed(1)}`).join(' ')}
            fill="none"
            stroke={colours[look]}
            strokeWidth={2}
            strokeLinejoin="round"
            strokeDasharray={dashes[look]}
          />
        ))}
      </svg>
    </figure>
  );
}

function scaleOf(lines: readonly ChartLine[]): Scale {
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  const [from, to] = [Math.min(...xs), Math.max(...xs)];
  const yTicks = ticks(Math.max(...all.map(([, y]) => y)), 4);
  const top = yTicks.values.at(-1)!;
  return {
    x: (value) => size.left + ((value - from) / Math.max(1e-9, to - from)) * inner.width,
    y: (value) => size.top + (1 - value / top) * inner.height,
    xTicks: xTicks(from, to),
    yTicks,
  };
}

type AxesProps = { scale: Scale; xLabel: string; print: ChartProps['print'] };

function Axes({ scale: { x, y, xTicks: columns, yTicks: rows }, xLabel, print }: AxesProps) {
  const right = size.width - size.right;
  return (
    <>
      {rows.values.map((value) => (
        <g key={value}>
          <line x1={size.left} x2={right} y1={y(value)} y2={y(value)} stroke="var(--rule)" />
          <text x={size.left - 6} y={y(value) + 4} textAnchor="end">
            {print(value, rows.decimals)}
          </text>
        </g>
      ))}
      <line x1={size.left} x2={right} y1={y(0)} y2={y(0)} stroke="var(--line)" />
      {columns.map((value) => (
        <text key={value} x={x(value)} y={size.height - size.bottom + 16} textAnchor="middle">
          {value}
        </text>
      ))}
      <text x={size.left + inner.width / 2} y={size.height - 4} textAnchor="middle">
        {xLabel}
      </text>
    </>
  );
}

function Mark({ at }: { at: number }) {
  const [top, bottom] = [size.top, size.top + inner.height];
  return <line x1={at} x2={at} y1={top} y2={bottom} stroke="var(--soft)" strokeDasharray="1 3" strokeWidth={1.5} />;
}

function Legend({ lines, mark }: { lines: readonly ChartLine[]; mark: string | undefined }) {
  return (
    <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
      {lines.map(({ label, look }) => (
        <Key key={label} label={label} stroke={colours[look]} dash={dashes[look]} />
      ))}
      {mark !== undefined && <Key label={mark} stroke="var(--soft)" dash="1 3" />}
    </ul>
  );
}

function Key({ label, stroke, dash }: { label: string; stroke: string; dash: string | undefined }) {
  return (
    <li className="flex items-center gap-2">
      <svg aria-hidden="true" viewBox="0 0 24 8" className="h-2 w-6 shrink-0">
        <line x1={0} x2={24} y1={4} y2={4} stroke={stroke} strokeWidth={2} strokeDasharray={dash} />
      </svg>
      {label}
    </li>
  );
}

/** Round numbers from 0 to at least `most`, about so many steps of 1, 2 or 5 times a power of ten. */
function ticks(most: number, steps: number): { values: number[]; decimals: number } {
  const rough = Math.max(most, 1e-9) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const count = Math.ceil(most / step - 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return { values: Array.from({ length: count + 1 }, (_, i) => i * step), decimals };
}

/** The first and the last number, and whole ones between. */
function xTicks(from: number, to: number): number[] {
  const count = Math.min(4, to - from);
  const between = Array.from({ length: count + 1 }, (_, i) =>
    Math.round(from + (i * (to - from)) / Math.max(1, count)),
  );
  return [...new Set(between)];
}

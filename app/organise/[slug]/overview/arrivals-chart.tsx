import type { Arrivals } from '#lib/db/overview.ts';
import type { StaffDesk } from '../staff.ts';

const width = 600;
const height = 90;

/** Files a minute over the last hour: what was taken, and above it what was refused. */
export function ArrivalsChart({ desk: { t }, arrivals }: { desk: StaffDesk; arrivals: readonly Arrivals[] }) {
  const sums = arrivals.map(({ taken, rejected }) => taken + rejected);
  const most = Math.max(...sums, 0);
  const total = sums.reduce((a, b) => a + b, 0);
  const rejected = arrivals.reduce((sum, minute) => sum + minute.rejected, 0);
  const sentence = total === 0 ? t('console.arrivals-none') : t('console.arrivals-sum', { total, rejected, most });
  const step = width / arrivals.length;
  const scale = height / Math.max(4, most);
  return (
    <figure className="max-w-2xl">
      <figcaption className="mb-2">
        <span className="font-semibold">{t('console.arrivals')}</span>{' '}
        <span className="text-sm text-soft">{sentence}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
        className="h-20 w-full"
      >
        {arrivals.map((minute, i) => {
          const x = i * step + 1;
          const taken = minute.taken * scale;
          const refused = minute.rejected * scale;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a minute is its place in the hour
            <g key={i}>
              <rect x={x} y={height - taken} width={step - 2} height={taken} className="fill-accent" />
              <rect x={x} y={height - taken - refused} width={step - 2} height={refused} className="fill-warn" />
            </g>
          );
        })}
        <line x1="0" y1={height} x2={width} y2={height} className="stroke-line" strokeWidth="2" />
      </svg>
      <div aria-hidden="true" className="mt-1 flex justify-between text-xs text-soft">
        <span>{t('console.arrivals-from')}</span>
        <span>{t('console.arrivals-to')}</span>
      </div>
    </figure>
  );
}

import { classNames } from './class-names.ts';

/** A recording's loudness over time, mirrored about its middle. `peaks` are 0 to 1. */
export function Waveform({ peaks, label, className }: WaveformProps) {
  const height = 100;
  const bars = peaks.map((peak, x) => {
    const half = Math.max(0.5, (peak * (height - 4)) / 2);
    return `M${x + 0.5} ${(height / 2 - half).toFixed(1)}V${(height / 2 + half).toFixed(1)}`;
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${peaks.length} ${height}`}
      preserveAspectRatio="none"
      className={classNames('block w-full rounded-lg bg-sunk text-accent', className)}
    >
      <path d={bars.join('')} stroke="currentColor" strokeWidth="0.7" fill="none" />
    </svg>
  );
}
type WaveformProps = { peaks: readonly number[]; label: string; className?: string };

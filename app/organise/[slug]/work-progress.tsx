import type { Desk } from './desk.ts';

type Props = {
  desk: Desk;
  label: string;
  /** How far it is, in words. */
  text: string;
  done: number;
  total: number;
  /** Since it began; null before. */
  seconds: number | null;
};

/** How far work of the worker's is, and about how long it still takes. */
export function WorkProgress({ desk: { t, formats }, label, text, done, total, seconds }: Props) {
  // The first moments say nothing of the rest.
  const remaining = seconds !== null && seconds > 3 && done > 0 ? (seconds / done) * (total - done) : null;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <progress max={total} value={done} aria-label={label} className="h-2 w-64 max-w-full accent-accent" />
      <p className="text-sm">
        {text}
        {remaining !== null && `, ${t('organise.work-remaining', { time: formats.seconds(remaining) })}`}
      </p>
    </div>
  );
}

import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type ChipLook = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

/** A short mark beside a name: a state, a role. The word carries the meaning, the colour only helps. */
export function Chip({ children, look = 'plain' }: { children: ReactNode; look?: ChipLook }) {
  return (
    <span
      className={classNames(
        'inline-block whitespace-nowrap rounded-full border px-2.5 py-px align-[0.1em] text-xs font-medium',
        looks[look],
      )}
    >
      {children}
    </span>
  );
}

const looks: Record<ChipLook, string> = {
  plain: 'border-line text-soft',
  accent: 'border-accent text-accent',
  good: 'border-good text-good',
  warn: 'border-warn text-warn',
  bad: 'border-bad text-bad',
};

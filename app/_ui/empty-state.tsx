import type { ReactNode } from 'react';

type Props = { title: ReactNode; children?: ReactNode; action?: ReactNode; as?: 'p' | 'h1' };

/** What stands where there is nothing yet: why, and what to do about it. `as="h1"` where it is all of the page. */
export function EmptyState({ title, children, action, as: Title = 'p' }: Props) {
  return (
    <div className="rounded-2xl border border-dashed border-line px-6 py-12 text-center">
      <Title className="text-lg font-semibold">{title}</Title>
      {children && <div className="mx-auto mt-2 max-w-[52ch] text-soft">{children}</div>}
      {action && <div className="mt-5 flex justify-center gap-3">{action}</div>}
    </div>
  );
}

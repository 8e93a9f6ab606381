import type { ReactNode } from 'react';

/** The page's name, a sentence or two under it, and at its side what can be done. `level` 2 under a competition's own name. */
export function PageTitle({ children, lead, actions, level = 1 }: PageTitleProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  const size = level === 1 ? 'text-3xl sm:text-4xl' : 'text-2xl';
  return (
    <div className="mb-6 flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
      <div className="min-w-0">
        <Heading className={`${size} font-semibold leading-tight tracking-tight`}>{children}</Heading>
        {lead && <div className="mt-2 max-w-[62ch] text-soft">{lead}</div>}
      </div>
      {actions && <div className="flex flex-wrap gap-3">{actions}</div>}
    </div>
  );
}
type PageTitleProps = { children: ReactNode; lead?: ReactNode; actions?: ReactNode; level?: 1 | 2 };

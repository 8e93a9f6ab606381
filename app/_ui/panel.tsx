import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A bounded part of a page with its own heading; `as="article"` for one of many. */
export function Panel({ title, aside, children, as: Tag = 'section', className }: PanelProps) {
  return (
    <Tag className={classNames('rounded-2xl border border-rule bg-raised p-5 sm:p-6', className)}>
      {(title || aside) && (
        <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          {title && <h2 className="text-lg font-semibold tracking-tight">{title}</h2>}
          {aside && <div className="text-sm text-soft">{aside}</div>}
        </div>
      )}
      {children}
    </Tag>
  );
}
type PanelProps = {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  as?: 'section' | 'article' | 'div';
  className?: string;
};

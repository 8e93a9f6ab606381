import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

/**
 * Something a person should know now. Errors and warnings that answer an action get `live`, so that they are read out; those
 * that stand on the page from the start do not.
 */
export function Notice({ kind = 'info', title, children, live = false, className }: NoticeProps) {
  return (
    <div
      role={live ? (kind === 'error' ? 'alert' : 'status') : undefined}
      className={classNames('flex gap-3 rounded-xl border bg-raised px-4 py-3', borders[kind], className)}
    >
      <svg aria-hidden="true" viewBox="0 0 20 20" className={classNames('mt-0.5 size-5 shrink-0', colours[kind])}>
        {icons[kind]}
      </svg>
      <div className="min-w-0 max-w-prose">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
type NoticeProps = { kind?: NoticeKind; title?: ReactNode; children?: ReactNode; live?: boolean; className?: string };

const borders = { info: 'border-line', success: 'border-good', warning: 'border-warn', error: 'border-bad' };
const colours = { info: 'text-soft', success: 'text-good', warning: 'text-warn', error: 'text-bad' };
const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;
const circle = <circle cx="10" cy="10" r="8" {...stroke} />;
const icons: Record<NoticeKind, ReactNode> = {
  info: (
    <>
      {circle}
      <path d="M10 9.2v4.6M10 6.3v.1" {...stroke} />
    </>
  ),
  success: (
    <>
      {circle}
      <path d="m6.7 10.3 2.3 2.3 4.4-5" {...stroke} />
    </>
  ),
  warning: <path d="M10 2.6 18.2 17H1.8zM10 8v4M10 14.4v.1" {...stroke} />,
  error: (
    <>
      {circle}
      <path d="M10 6v4.8M10 13.7v.1" {...stroke} />
    </>
  ),
};

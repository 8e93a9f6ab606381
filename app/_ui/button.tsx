import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { Pending } from './pending.tsx';

/** primary: the one thing to do here; secondary: anything else; danger: takes something away; quiet: text that acts. */
export type ButtonLook = 'primary' | 'secondary' | 'danger' | 'quiet';
type Look = { look?: ButtonLook; size?: 'normal' | 'small' };

export function Button({ look = 'primary', size = 'normal', className, ...button }: Look & ComponentProps<'button'>) {
  return <button type="button" {...button} className={classNames(buttonClass(look, size), className)} />;
}

/** A link that looks like a button, for going somewhere. Not prefetched: every page is rendered for its reader. */
export function LinkButton({ look = 'primary', size = 'normal', className, children, ...link }: LinkButtonProps) {
  return (
    <Link prefetch={false} {...link} className={classNames(buttonClass(look, size), className)}>
      <Pending>{children}</Pending>
    </Link>
  );
}
type LinkButtonProps = Look & ComponentProps<typeof Link>;

const base =
  'inline-flex items-center justify-center gap-2 rounded-lg border text-center font-semibold no-underline transition-colors ' +
  'focus-visible:rounded-lg disabled:border-rule disabled:bg-sunk disabled:text-soft aria-disabled:cursor-not-allowed aria-disabled:border-rule aria-disabled:bg-sunk aria-disabled:text-soft screen-only';
const sizes = { normal: 'min-h-11 py-2', small: 'min-h-8 py-1 text-sm' };
const paddings = { normal: 'px-4', small: 'px-3' };
const looks: Record<ButtonLook, string> = {
  primary: 'border-ink bg-ink text-paper hover:border-accent hover:bg-accent',
  secondary: 'border-line bg-transparent text-ink hover:border-ink hover:bg-sunk',
  danger: 'border-bad bg-transparent text-bad hover:bg-bad hover:text-paper',
  quiet: 'border-transparent bg-transparent text-ink underline decoration-line underline-offset-4 hover:text-accent',
};

export function buttonClass(look: ButtonLook, size: 'normal' | 'small'): string {
  // Words without a frame begin where the words above them do.
  return classNames(base, sizes[size], look === 'quiet' ? '' : paddings[size], looks[look]);
}

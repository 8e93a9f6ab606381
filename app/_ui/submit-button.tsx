'use client';

import type { ComponentProps, MouseEvent } from 'react';
import { useFormStatus } from 'react-dom';
import { Button, type ButtonLook } from './button.tsx';

type Props = ComponentProps<'button'> & { look?: ButtonLook; size?: 'normal' | 'small'; pending?: string };

/**
 * Sends its form, once: waits, and says `pending` instead of its label, until the answer is there. It can be pressed meanwhile, to no
 * effect: disabled it would lose the focus.
 */
export function SubmitButton({ pending: waitingLabel, children, ...button }: Props) {
  const { pending } = useFormStatus();
  const waits = pending && {
    'aria-disabled': true,
    'aria-busy': true,
    onClick: (event: MouseEvent) => event.preventDefault(),
  };
  return (
    <Button type="submit" {...button} {...waits}>
      {pending && <Spinner />}
      {pending && waitingLabel ? waitingLabel : children}
    </Button>
  );
}

function Spinner() {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" className="size-4 animate-spin" fill="none" stroke="currentColor">
      <circle cx="8" cy="8" r="6.5" strokeWidth="2" opacity="0.3" />
      <path d="M8 1.5A6.5 6.5 0 0 1 14.5 8" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

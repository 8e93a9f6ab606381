'use client';

import type { ComponentProps } from 'react';
import { useFormStatus } from 'react-dom';
import { Button, type ButtonLook } from './button.tsx';

type Props = ComponentProps<'button'> & { look?: ButtonLook; size?: 'normal' | 'small'; pending?: string };

/** Sends its form, once: waits, and says `pending` instead of its label, until the answer is there. */
export function SubmitButton({ pending: waitingLabel, children, disabled, ...button }: Props) {
  const { pending } = useFormStatus();
  return (
    <Button type="submit" {...button} disabled={disabled || pending} aria-busy={pending}>
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

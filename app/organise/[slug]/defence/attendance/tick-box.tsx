'use client';

import { useFormStatus } from 'react-dom';
import { classNames } from '#ui/class-names.ts';

/** A box as wide as its line, that sends its form when it is pressed. */
export function TickBox({ name, isTicked, said }: { name: string; isTicked: boolean; said: string }) {
  const { pending } = useFormStatus();
  return (
    <button
      type="submit"
      aria-pressed={isTicked}
      aria-busy={pending}
      onClick={(event) => pending && event.preventDefault()}
      className={classNames(
        'flex min-h-14 w-full items-center gap-4 rounded-lg border px-4 py-3 text-left text-lg',
        isTicked ? 'border-good bg-sunk' : 'border-line',
        pending && 'opacity-60',
      )}
    >
      <span
        aria-hidden="true"
        className={classNames(
          'grid size-8 shrink-0 place-items-center rounded-md border-2 text-xl font-bold',
          isTicked ? 'border-good bg-good text-paper' : 'border-soft',
        )}
      >
        {isTicked ? '✓' : ''}
      </span>
      <span className="min-w-0 grow break-words">{name}</span>
      <span aria-hidden="true" className="hidden text-sm text-soft sm:inline">
        {said}
      </span>
    </button>
  );
}

'use client';

import type { ReactNode } from 'react';
import { Notice } from './notice.tsx';
import { useAnswer } from './use-answer.ts';

/** What an action answers where it does not lead elsewhere. */
export type ActionAnswer = { status: 'refused'; sentence: string } | { status: 'done'; sentence?: string };
export type FormAction = (previous: ActionAnswer | null, form: FormData) => Promise<ActionAnswer>;

/** A form over a server action; the answer stands below its button and is read out. Refusals keep everything typed. */
export function ActionForm({ action, children, className, label, id }: ActionFormProps) {
  const [answer, submit] = useAnswer(action);
  return (
    // React empties a form once its action is done; the fields hold what was typed instead.
    <form action={submit} onReset={(event) => event.preventDefault()} id={id} className={className} aria-label={label}>
      {children}
      <Answer answer={answer} />
    </form>
  );
}
/** `id` lets buttons elsewhere on the page send it. */
type ActionFormProps = { action: FormAction; children: ReactNode; className?: string; label?: string; id?: string };

export function Answer({ answer }: { answer: ActionAnswer | null }) {
  if (!answer?.sentence) return null;
  return (
    <Notice kind={answer.status === 'refused' ? 'error' : 'success'} live className="mt-4">
      {answer.sentence}
    </Notice>
  );
}

'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Answer, type FormAction } from './action-form.tsx';
import { Button, type ButtonLook } from './button.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useAnswer } from './use-answer.ts';

type Props = {
  action: FormAction;
  /** The button that asks; `label` names it more fully where many stand in a list. */
  trigger: string;
  label?: string;
  look?: ButtonLook;
  size?: 'normal' | 'small';
  title: string;
  /** What will happen, in full sentences; may hold further fields. */
  children: ReactNode;
  confirm: string;
  pending: string;
  cancel: string;
};

/** An act with consequences: a button that opens a dialog which says them, and does nothing until they are confirmed there. */
export function ConfirmForm({ action, trigger, label, look = 'secondary', size, title, children, ...texts }: Props) {
  const [answer, submit] = useAnswer(action);
  const dialog = useRef<HTMLDialogElement>(null);
  const wayOut = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (answer?.status === 'done') dialog.current?.close();
  }, [answer]);
  const open = () => {
    dialog.current?.showModal();
    // Enter, pressed out of habit, must take nothing away.
    if (look === 'danger') wayOut.current?.focus();
  };
  return (
    <>
      <Button look={look} {...(size ? { size } : {})} aria-label={label} aria-haspopup="dialog" onClick={open}>
        {trigger}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={id}
        className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 text-left text-base font-normal text-ink backdrop:bg-black/50"
      >
        <form action={submit} onReset={(event) => event.preventDefault()}>
          <h2 id={id} className="text-xl font-semibold leading-snug tracking-tight">
            {title}
          </h2>
          <div className="mt-3 space-y-3 whitespace-normal">{children}</div>
          <div className="mt-6 flex flex-wrap gap-3">
            <SubmitButton look={look === 'danger' ? 'danger' : 'primary'} pending={texts.pending}>
              {texts.confirm}
            </SubmitButton>
            <Button ref={wayOut} look="quiet" onClick={() => dialog.current?.close()}>
              {texts.cancel}
            </Button>
          </div>
          <Answer answer={answer} />
        </form>
      </dialog>
    </>
  );
}

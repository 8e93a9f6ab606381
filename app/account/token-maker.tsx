'use client';

import type { ReactNode } from 'react';
import { CopyField } from '#ui/copy-field.tsx';
import { Notice } from '#ui/notice.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { useAnswer } from '#ui/use-answer.ts';

export type TokenAnswer = { status: 'refused'; sentence: string } | { status: 'done'; secret: string };
type Texts = { create: string; creating: string; createdTitle: string; created: string; copy: string; copied: string };
type Props = {
  action: (previous: TokenAnswer | null, form: FormData) => Promise<TokenAnswer>;
  texts: Texts;
  children: ReactNode;
};

/** Makes a token and shows it this once: only its hash is kept. */
export function TokenMaker({ action, texts, children }: Props) {
  const [answer, submit] = useAnswer(action);
  return (
    <form
      action={submit}
      // React empties a form once its action is done; after a refusal everything typed is still wanted.
      onReset={(event) => answer?.status === 'refused' && event.preventDefault()}
      className="space-y-5"
      aria-label={texts.create}
    >
      {children}
      <SubmitButton pending={texts.creating}>{texts.create}</SubmitButton>
      {answer?.status === 'refused' && (
        <Notice kind="error" live>
          {answer.sentence}
        </Notice>
      )}
      {answer?.status === 'done' && (
        <Notice kind="success" live title={texts.createdTitle}>
          <p>{texts.created}</p>
          <CopyField value={answer.secret} label={texts.createdTitle} texts={texts} />
        </Notice>
      )}
    </form>
  );
}

'use client';

import { useId } from 'react';
import { CopyButton } from '#ui/copy-button.tsx';
import { Notice } from '#ui/notice.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { useAnswer } from '#ui/use-answer.ts';

export type InviteAnswer = { status: 'refused'; sentence: string } | { status: 'done'; path: string; sentence: string };

type Texts = { make: string; making: string; made: string; link: string; copy: string; copied: string };
type Props = { action: (previous: InviteAnswer | null) => Promise<InviteAnswer>; texts: Texts };

/** Makes an invite and shows its link this once: only its hash is kept. */
export function InviteMaker({ action, texts }: Props) {
  const [answer, submit] = useAnswer(action);
  return (
    <form action={submit} className="space-y-4">
      <SubmitButton look="secondary" pending={texts.making}>
        {texts.make}
      </SubmitButton>
      {answer?.status === 'refused' && (
        <Notice kind="error" live>
          {answer.sentence}
        </Notice>
      )}
      {answer?.status === 'done' && (
        <Notice kind="success" live title={texts.made}>
          <p>{answer.sentence}</p>
          <Link path={answer.path} texts={texts} />
        </Notice>
      )}
    </form>
  );
}

function Link({ path, texts }: { path: string; texts: Texts }) {
  const id = useId();
  const url = new URL(path, location.href).href;
  return (
    <div className="mt-3 flex flex-wrap items-end gap-3">
      <div className="min-w-0 grow">
        <label htmlFor={id} className="sr-only">
          {texts.link}
        </label>
        <input
          id={id}
          readOnly
          value={url}
          className="control font-mono text-sm"
          onFocus={(event) => event.target.select()}
        />
      </div>
      <CopyButton text={url} label={texts.copy} copied={texts.copied} />
    </div>
  );
}

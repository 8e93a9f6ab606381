'use client';

import type { ReactNode } from 'react';
import { withBase } from '#lib/base-path.ts';
import { CopyField } from './copy-field.tsx';
import { Notice } from './notice.tsx';
import { QrCode } from './qr-code.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useAnswer } from './use-answer.ts';

export type LinkAnswer = { status: 'refused'; sentence: string } | { status: 'done'; path: string; sentence: string };

/** With `scan`, the link stands there as a QR code, too: for a phone held beside it. */
type Texts = { make: string; making: string; made: string; link: string; copy: string; copied: string; scan?: string };
type Props = {
  action: (previous: LinkAnswer | null, form: FormData) => Promise<LinkAnswer>;
  texts: Texts;
  /** What has to be said of the link first. */
  children?: ReactNode;
};

/** Makes a secret link and shows it this once: only its hash is kept. */
export function LinkMaker({ action, texts, children }: Props) {
  const [answer, submit] = useAnswer(action);
  return (
    <form action={submit} className="space-y-4">
      {children}
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
  const url = new URL(withBase(path), location.href).href;
  return (
    <CopyField value={url} label={texts.link} texts={texts}>
      {texts.scan && <QrCode text={url} label={texts.scan} className="w-full max-w-56 rounded-lg" />}
    </CopyField>
  );
}

'use client';

import { useState } from 'react';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { ShownCodes } from '#lib/reveal-desk.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Refusal } from '#ui/post.ts';
import { Table } from '#ui/table.tsx';
import { askReveal } from './ask.ts';
import { Refused } from './refused.tsx';

type Props = {
  slug: string;
  language: Language;
  timeZone: string;
  /** Before the reveal a code unseals the result. */
  needsReason: boolean;
  isClosed: boolean;
  messages: AreaMessages<'reveal'>;
};

/** The file that plays without a network, and the codes that open such files; both come from the scoring side. */
export function FilePanel({ slug, language, timeZone, needsReason, isClosed, messages }: Props) {
  const t = translatorOf(messages, language);
  const [said, setSaid] = useState<'downloaded' | Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [codes, setCodes] = useState<ShownCodes['codes'] | null>(null);

  const download = async () => {
    setBusy(true);
    const answer = await askReveal(slug, `file?language=${language}`);
    setBusy(false);
    if (answer.ok) saveAs(await answer.response.blob(), nameOf(answer.response));
    setSaid(answer.ok ? 'downloaded' : answer);
  };
  const show = async (form: FormData) => {
    const answer = await askReveal(slug, 'codes', { reason: String(form.get('reason') ?? '') });
    if (answer.ok) setCodes(((await answer.response.json()) as ShownCodes).codes);
    setSaid(answer.ok ? null : answer);
  };

  return (
    <Panel title={t('file')}>
      <p className="mb-4 max-w-prose">{t('file-page-lead')}</p>
      <Button look="secondary" onClick={() => void download()} disabled={isBusy || !isClosed}>
        {isBusy ? t('file-making') : t('file-download')}
      </Button>
      <form action={show} className="mt-5 space-y-3">
        {needsReason && <Field name="reason" label={t('reason')} hint={t('codes-early')} maxLength={500} required />}
        <Button type="submit" look="quiet">
          {t('codes-show')}
        </Button>
      </form>
      {said === 'downloaded' && (
        <Notice kind="success" live className="mt-4">
          {t('file-done')}
        </Notice>
      )}
      {said !== null && said !== 'downloaded' && <Refused refusal={said} t={t} />}
      {codes?.length === 0 && <p className="mt-4 text-soft">{t('codes-none')}</p>}
      {codes !== null && codes.length > 0 && (
        <div className="mt-4">
          <Table
            caption={t('codes-caption')}
            columns={[{ label: t('code-file') }, { label: t('code') }, { label: t('code-made') }]}
          >
            {codes.map(({ file, code, madeAt }) => (
              <tr key={file}>
                <th scope="row">{file}</th>
                <td className="font-mono text-lg">{code}</td>
                <td>{formatsFor(language).shortInstant(new Date(madeAt), timeZone)}</td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </Panel>
  );
}

function nameOf(response: Response): string {
  return /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'reveal.html';
}

function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

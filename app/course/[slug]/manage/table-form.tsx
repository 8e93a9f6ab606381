'use client';

import type { ReactNode } from 'react';
import type { Encoding } from '#lib/course/table-file.ts';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Problems, type ProblemsTexts } from '#ui/problems.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { useAnswer } from '#ui/use-answer.ts';
import type { BrokenFile } from './broken-file.ts';

export type TableTexts = { messages: AreaMessages<'course'>; problems: ProblemsTexts; language: Language };
export type TableTranslate = ReturnType<typeof translatorOf<AreaMessages<'course'>>>;
type Previewed = { status: 'preview'; encoding: Encoding };

type Props<Preview extends Previewed> = {
  action: (previous: unknown, form: FormData) => Promise<ActionAnswer | BrokenFile | Preview>;
  texts: TableTexts;
  hint: string;
  /** What the form needs beside the file. */
  children?: ReactNode;
  preview: (preview: Preview, t: TableTranslate) => ReactNode;
};

/** Brings a table out of a spreadsheet: what it would do is shown before it is written. The file stays chosen throughout. */
export function TableForm<Preview extends Previewed>({ action, texts, hint, children, preview }: Props<Preview>) {
  const t = translatorOf(texts.messages, texts.language);
  const [answer, submit] = useAnswer<ActionAnswer | BrokenFile | Preview>(action);
  return (
    // React empties a form once its action is done; the fields hold what was chosen instead.
    <form action={submit} onReset={(event) => event.preventDefault()} className="space-y-5">
      <Field type="file" name="file" label={t('file')} hint={hint} accept=".csv,.tsv,.txt,text/csv" required />
      {children}
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="intent" value="check" look="secondary" pending={t('checking')}>
          {t('check')}
        </SubmitButton>
        {(answer?.status === 'preview' || answer?.status === 'refused') && (
          <SubmitButton name="intent" value="import" pending={t('importing')}>
            {t('import')}
          </SubmitButton>
        )}
      </div>
      <div aria-live="polite" className="space-y-4">
        {(answer?.status === 'refused' || answer?.status === 'done') && answer.sentence && (
          <Notice kind={answer.status === 'done' ? 'success' : 'error'}>{answer.sentence}</Notice>
        )}
        {(answer?.status === 'broken' || answer?.status === 'preview') && answer.encoding !== 'utf-8' && (
          <Notice>{t('encoding', { encoding: answer.encoding === 'utf-16' ? 'UTF-16' : 'Windows-1251' })}</Notice>
        )}
        {answer?.status === 'broken' && (
          <>
            <Notice kind="error">{t('broken', { count: answer.count })}</Notice>
            <Problems problems={answer.problems} texts={texts.problems} />
          </>
        )}
        {answer?.status === 'preview' && preview(answer, t)}
      </div>
    </form>
  );
}

'use client';

import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Problems, type ProblemsTexts } from '#ui/problems.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { useAnswer } from '#ui/use-answer.ts';
import type { MappingAnswer } from './mapping-actions.ts';
import { PreviewTables } from './mapping-tables.tsx';

type Props = {
  action: (previous: unknown, form: FormData) => Promise<MappingAnswer>;
  messages: AreaMessages<'organise'>;
  table: ProblemsTexts;
  language: Language;
};

/** Brings a mapping table: what it would do is shown before it is saved. */
export function MappingForm({ action, messages, table, language }: Props) {
  const t = translatorOf(messages, language);
  const [answer, submit] = useAnswer<MappingAnswer>(action);
  return (
    // React empties a form once its action is done; the fields hold what was chosen instead.
    <form action={submit} onReset={(event) => event.preventDefault()} className="space-y-5">
      <Field type="file" name="file" label={t('mapping-file')} accept=".csv,.tsv,.txt,text/csv" required />
      <Field name="reason" label={t('mapping-reason')} hint={t('mapping-reason-hint')} maxLength={1000} />
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="intent" value="preview" look="secondary" pending={t('mapping-checking')}>
          {t('mapping-check')}
        </SubmitButton>
        <SubmitButton name="intent" value="save" look="secondary" pending={t('saving')}>
          {t('mapping-save')}
        </SubmitButton>
      </div>
      <div aria-live="polite">
        {(answer?.status === 'refused' || answer?.status === 'done') && (
          <Notice kind={answer.status === 'done' ? 'success' : 'error'}>{answer.sentence}</Notice>
        )}
        {answer?.status === 'broken' && (
          <>
            <Notice kind="error" className="mb-4">
              {t('mapping-broken', { count: answer.count })}
            </Notice>
            <Problems problems={answer.problems} texts={table} />
          </>
        )}
        {answer?.status === 'preview' && <PreviewTables t={t} language={language} preview={answer.preview} />}
      </div>
    </form>
  );
}

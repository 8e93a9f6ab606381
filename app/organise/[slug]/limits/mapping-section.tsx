import { hasSubmissions } from '#lib/db/competitions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Field } from '#ui/field.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import type { Desk } from '../desk.ts';
import { Section } from '../section.tsx';
import { bringMapping, removeMapping } from './mapping-actions.ts';
import { MappingForm } from './mapping-form.tsx';

/** The spellings that count as others here: what is in force, and the way to bring, replace or remove it. */
export async function MappingSection({ desk }: { desk: Desk }) {
  const { t, language, competition: c, slug } = desk;
  const isScored = await hasSubmissions(webDatabase(), c.id);
  return (
    <Section id="mapping" title={t('organise.section-mapping')}>
      <p className="max-w-prose text-soft">{t('organise.mapping-lead')}</p>
      <div className="my-5 flex flex-wrap items-center gap-x-5 gap-y-2">
        {c.mapping === null ? (
          <p>{t('organise.mapping-none')}</p>
        ) : (
          <>
            <p>{t('organise.mapping-now', { rules: c.mapping.length })}</p>
            <a href={`/api/v1/competitions/${slug}/mapping.csv`} download className="link">
              {t('organise.mapping-download')}
            </a>
            {!isScored && <Removal desk={desk} />}
          </>
        )}
      </div>
      {isScored ? (
        <p className="text-soft">{t('organise.mapping-fixed')}</p>
      ) : (
        <MappingForm
          action={bringMapping.bind(null, slug)}
          messages={messagesOf('organise', language)}
          table={problemsTexts(t)}
          language={language}
        />
      )}
    </Section>
  );
}

function Removal({ desk: { t, slug } }: { desk: Desk }) {
  return (
    <ConfirmForm
      action={removeMapping.bind(null, slug)}
      look="danger"
      size="small"
      trigger={t('organise.mapping-remove')}
      title={t('organise.mapping-remove')}
      confirm={t('organise.mapping-remove')}
      pending={t('organise.mapping-removing')}
      cancel={t('common.cancel')}
    >
      <p>{t('organise.mapping-remove-text')}</p>
      <Field
        name="reason"
        label={t('organise.mapping-reason')}
        hint={t('organise.mapping-reason-hint')}
        maxLength={1000}
        className="mt-4"
      />
    </ConfirmForm>
  );
}

import type { Metadata } from 'next';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, TextArea } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { saveTexts } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.texts') };
}

/** Names, brief and rules in both languages, and what the data may be used for. */
export default async function TextsPage({ params }: Props) {
  const { t, competition: c, slug } = await desk((await params).slug);
  const wide = 'max-w-none';
  return (
    <>
      <PageTitle
        lead={
          <>
            {t('organise.texts-hint')} {c.publishedAt !== null && t('organise.texts-rules-warning')}
          </>
        }
      >
        {t('console.texts')}
      </PageTitle>
      <Panel>
        <ActionForm action={saveTexts.bind(null, slug)} className="space-y-5">
          <div className="grid gap-5 lg:grid-cols-2">
            <Field name="nameRu" label={t('organise.name-ru')} required maxLength={120} defaultValue={c.nameRu} />
            <Field name="nameEn" label={t('organise.name-en')} required maxLength={120} defaultValue={c.nameEn} />
            <TextArea
              name="briefRu"
              label={t('organise.brief-ru')}
              rows={10}
              className={wide}
              defaultValue={c.briefRu}
            />
            <TextArea
              name="briefEn"
              label={t('organise.brief-en')}
              rows={10}
              className={wide}
              defaultValue={c.briefEn}
            />
            <TextArea
              name="rulesRu"
              label={t('organise.rules-ru')}
              rows={14}
              className={wide}
              defaultValue={c.rulesRu}
            />
            <TextArea
              name="rulesEn"
              label={t('organise.rules-en')}
              rows={14}
              className={wide}
              defaultValue={c.rulesEn}
            />
          </div>
          <Field name="licence" label={t('organise.licence')} maxLength={500} defaultValue={c.licence} />
          <TextArea
            name="attribution"
            label={t('organise.attribution')}
            maxLength={2000}
            defaultValue={c.attribution}
          />
          <SubmitButton look="secondary" pending={t('organise.saving')}>
            {t('organise.save')}
          </SubmitButton>
        </ActionForm>
      </Panel>
    </>
  );
}

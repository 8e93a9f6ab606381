import type { Metadata } from 'next';
import Link from 'next/link';
import { translator } from '#lib/messages/translate.ts';
import { seenIn } from '#lib/seen.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Field, TextArea } from '#ui/field.tsx';
import { MarkdownEditor } from '#ui/markdown-editor.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { editedText, editorTexts } from '../edited-text.tsx';
import { previewText } from '../preview-action.tsx';
import { saveTexts } from './actions.ts';
import { shownTexts } from './shown-texts.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.texts') };
}

/** Names, brief and rules in both languages, and what the data may be used for. */
export default async function TextsPage({ params }: Props) {
  const { t, language, competition: c, slug } = await desk((await params).slug);
  const [inRussian, inEnglish] = [translator('ru'), translator('en')];
  const editor = { language, texts: editorTexts(t), preview: previewText.bind(null, slug) };
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
        <ActionForm action={saveTexts.bind(null, slug)} className="space-y-7">
          <input type="hidden" name="seen" value={seenIn(shownTexts(c))} />
          <div className="grid gap-5 lg:grid-cols-2">
            <Field name="nameRu" label={t('organise.name-ru')} required maxLength={120} defaultValue={c.nameRu} />
            <Field name="nameEn" label={t('organise.name-en')} required maxLength={120} defaultValue={c.nameEn} />
          </div>
          <MarkdownEditor
            {...editor}
            legend={t('console.brief')}
            draft={`${slug}:brief`}
            versions={{
              ru: editedText('briefRu', t('organise.brief-ru'), c.briefRu, inRussian('console.sample-brief')),
              en: editedText('briefEn', t('organise.brief-en'), c.briefEn, inEnglish('console.sample-brief')),
            }}
            rows={16}
          />
          <MarkdownEditor
            {...editor}
            legend={t('console.rules')}
            draft={`${slug}:rules`}
            versions={{
              ru: editedText('rulesRu', t('organise.rules-ru'), c.rulesRu, inRussian('console.sample-rules')),
              en: editedText('rulesEn', t('organise.rules-en'), c.rulesEn, inEnglish('console.sample-rules')),
            }}
            rows={16}
          />
          <p className="max-w-prose text-sm text-soft">
            {t('console.rules-examples')}{' '}
            <Link href={`/c/${slug}/rules`} prefetch={false} className="link">
              {t('console.rules-page')}
            </Link>
          </p>
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

import type { Metadata } from 'next';
import { requireSession } from '#lib/auth.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { LinkButton } from '#ui/button.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { DocsLink } from '../../../docs/docs-link.tsx';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { ConfirmFirst } from './confirm-first.tsx';
import { LabelDesk } from './label-desk.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('labels.title') };
}

/** The frame only: what is hidden is fetched by the browser, from the scoring side. */
export default async function LabelsPage({ params }: Props) {
  const { t, language, competition, slug } = await desk((await params).slug);
  const { isFresh } = await requireSession();
  return (
    <>
      <PageTitle lead={t('labels.lead')}>{t('labels.title')}</PageTitle>
      <p className="mb-8">
        <LinkButton href={`/organise/${slug}/labels/audit`} look="secondary">
          {t('audit.open-audit')}
        </LinkButton>
      </p>
      <div className="mb-8">
        <DocsLink to="organisers/labels" />
      </div>
      {isFresh ? (
        <LabelDesk
          slug={slug}
          language={language}
          timeZone={competition.timeZone}
          messages={messagesOf('labels', language)}
          problems={problemsTexts(t)}
        />
      ) : (
        <ConfirmFirst path={`/organise/${slug}/labels`} />
      )}
    </>
  );
}

import type { Metadata } from 'next';
import Link from 'next/link';
import { requireSession } from '#lib/auth.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { ConfirmFirst } from '../labels/confirm-first.tsx';
import { EvidenceDesk } from './evidence-desk.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('evidence.title') };
}

/** The frame only: what is hidden is fetched by the browser, from the scoring side. */
export default async function EvidencePage({ params }: Props) {
  const { t, language, competition, slug } = await desk((await params).slug);
  const { isFresh } = await requireSession();
  return (
    <>
      <p className="mb-4">
        <Link href={`/organise/${slug}/eligibility`} prefetch={false} className="link">
          ← {t('evidence.to-eligibility')}
        </Link>
      </p>
      <PageTitle lead={t('evidence.lead')}>{t('evidence.title')}</PageTitle>
      {isFresh ? (
        <EvidenceDesk
          slug={slug}
          language={language}
          timeZone={competition.timeZone}
          messages={{
            labels: messagesOf('labels', language),
            audit: messagesOf('audit', language),
            evidence: messagesOf('evidence', language),
          }}
          problems={problemsTexts(t)}
        />
      ) : (
        <ConfirmFirst path={`/organise/${slug}/evidence`} />
      )}
    </>
  );
}

import type { Metadata } from 'next';
import Link from 'next/link';
import { requireSession } from '#lib/auth.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { problemsTexts } from '#ui/problems.tsx';
import { pageLanguage } from '../../../../language.ts';
import { desk } from '../../desk.ts';
import { ConfirmFirst } from '../confirm-first.tsx';
import { AuditDesk } from './audit-desk.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('audit.title') };
}

/** The frame only: what is hidden is fetched by the browser, from the scoring side. */
export default async function AuditPage({ params }: Props) {
  const { t, language, competition, slug } = await desk((await params).slug);
  const { isFresh } = await requireSession();
  return (
    <>
      <p className="mb-4">
        <Link href={`/organise/${slug}/labels`} prefetch={false} className="link">
          ← {t('audit.to-labels')}
        </Link>
      </p>
      <PageTitle lead={t('audit.lead')}>{t('audit.title')}</PageTitle>
      {isFresh ? (
        <AuditDesk
          slug={slug}
          language={language}
          timeZone={competition.timeZone}
          messages={{ labels: messagesOf('labels', language), audit: messagesOf('audit', language) }}
          problems={problemsTexts(t)}
        />
      ) : (
        <ConfirmFirst path={`/organise/${slug}/labels/audit`} />
      )}
    </>
  );
}

import type { Metadata } from 'next';
import Link from 'next/link';
import { getStageView } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { remoteView } from '#ui/remote-view.ts';
import { StageRemote } from '#ui/stage-remote.tsx';
import { pageLanguage } from '../../../../language.ts';
import { staff } from '../../staff.ts';
import { pressRemote } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('stage.remote') };
}

/** The remote for organisers and assistants; by a link it is app/stage. */
export default async function StagePage({ params }: Props) {
  const { t, slug, competition, language, now } = await staff((await params).slug);
  const view = await getStageView(webDatabase(), competition.id);
  return (
    <>
      <p className="mb-3 flex flex-wrap gap-x-6">
        <Link href={`/organise/${slug}/defence`} prefetch={false} className="link">
          ← {t('defence.title')}
        </Link>
        <a href={`/live/${slug}`} className="link">
          {t('stage.to-live')}
        </a>
      </p>
      <PageTitle>{t('stage.remote')}</PageTitle>
      <StageRemote
        view={remoteView(slug, view, now)}
        action={pressRemote.bind(null, slug)}
        texts={{ messages: messagesOf('stage', language), language }}
      />
    </>
  );
}

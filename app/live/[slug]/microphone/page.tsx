import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { nameOf } from '#lib/competition.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { type Visit, visit } from '../../../c/[slug]/visit.ts';
import { clipsFor } from './clips.ts';
import { modelFor, type ShownModel } from './model.ts';
import { Studio } from './studio.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t, competition, language } = await visit((await params).slug);
  return { title: `${t('microphone.title')} · ${nameOf(competition, language)}` };
}

/** The audience speaks, and the baseline model listens, in their own browser: this server sends a model and gets nothing back. */
export default async function MicrophonePage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, competition, slug, language } = v;
  const model = await modelFor(competition.id);
  const clips = await clipsFor(webDatabase(), competition, v.user, v.now);
  return (
    <>
      <p className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        <Link href={`/c/${slug}`} prefetch={false} className="link">
          {nameOf(competition, language)}
        </Link>
        <a href={`/live/${slug}`} className="link">
          {t('microphone.to-board')}
        </a>
      </p>
      <PageTitle lead={<Lead t={t} />}>{t('microphone.heading')}</PageTitle>
      {model === null ? (
        <EmptyState title={t('microphone.no-model')}>{t('microphone.no-model-text')}</EmptyState>
      ) : (
        <>
          <noscript>
            <Notice kind="warning" className="mb-5">
              {t('microphone.no-script')}
            </Notice>
          </noscript>
          <Studio
            slug={slug}
            language={language}
            messages={messagesOf('microphone', language)}
            model={model}
            clips={clips.map(({ seconds, reference }) => ({ seconds: seconds ?? 0, reference }))}
            source={sourceOf(v)}
          />
          <Domain visit={v} model={model} />
        </>
      )}
    </>
  );
}

function Lead({ t }: Pick<Visit, 't'>): ReactNode {
  return (
    <>
      <p>{t('microphone.lead')}</p>
      <p className="mt-2 flex gap-2 text-ink">
        <Lock />
        {t('microphone.private')}
      </p>
    </>
  );
}

/** Who is to be named for the clips. */
function sourceOf({ t, competition: { attribution, licence } }: Visit): string | null {
  if (!attribution) return null;
  return t('microphone.clip-source', { attribution, licence: licence || 'none' });
}

function Domain({ visit: { t, formats }, model }: { visit: Visit; model: ShownModel }) {
  const { devWordErrorRate: rate, isShipped, cardAddress } = model;
  return (
    <Notice title={t('microphone.domain')} className="mt-5">
      <p>
        {isShipped ? t('microphone.domain-shipped') : t('microphone.domain-own')}{' '}
        {rate !== null && t('microphone.domain-rate', { rate: formats.percent(rate) })}{' '}
        <a href={cardAddress} className="link">
          {t('microphone.model-card')}
        </a>
      </p>
    </Notice>
  );
}

function Lock() {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" className="mt-1 size-4 shrink-0 text-good" fill="none">
      <path
        d="M4 9h12v8.2H4zM6.6 9V6.2a3.4 3.4 0 0 1 6.8 0V9"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
    </svg>
  );
}

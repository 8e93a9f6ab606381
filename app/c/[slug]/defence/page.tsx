import type { Metadata } from 'next';
import Link from 'next/link';
import { findRole } from '#lib/db/competitions.ts';
import { listDraws, type ProgrammeSlot } from '#lib/db/defence.ts';
import { getStageView } from '#lib/db/stage.ts';
import { startOfDefence } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { schedule, type Timed } from '#lib/defence.ts';
import { slotRemainingMs } from '#lib/stage.ts';
import { Chip } from '#ui/chip.tsx';
import { DrawProof } from '#ui/draw-proof.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { SlidesLink } from './slides-link.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('defence.title') };
}

/** The programme for everybody, once it is published; those who run the competition see it before. */
export default async function ProgrammePage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, formats, slug, competition, now } = v;
  const db = webDatabase();
  const view = await getStageView(db, competition.id);
  const { plan, stage, slots } = view;
  const isPublic = plan.programmePublishedAt !== null;
  if (!isPublic && !(await runsIt(v))) {
    return (
      <>
        <PageTitle level={2}>{t('defence.title')}</PageTitle>
        <EmptyState title={t('defence.unpublished')}>{t('defence.unpublished-text')}</EmptyState>
      </>
    );
  }
  const startsAt = startOfDefence(competition, plan);
  const onStage =
    stage.slotId === null ? null : { slotId: stage.slotId, remainingMs: slotRemainingMs(stage, plan, now) };
  const timed = schedule(slots, plan, startsAt, onStage, now);
  const [draw] = await listDraws(db, competition.id);
  const lead = startsAt && t('defence.begins', { at: formats.instant(startsAt, competition.timeZone) });
  return (
    <>
      <PageTitle level={2} lead={lead}>
        {t('defence.title')}
      </PageTitle>
      {!isPublic && <Notice className="mb-6">{t('defence.preview')}</Notice>}
      <p className="mb-6">
        <a href={`/live/${slug}`} className="link">
          {t('defence.follow')}
        </a>
      </p>
      {timed.length === 0 ? (
        <EmptyState title={t('defence.empty')} />
      ) : (
        <ol className="divide-y divide-rule border-y border-rule">
          {timed.map((slot) => (
            <Line key={slot.id} visit={v} slot={slot} hasSlides={plan.slidesPublishedAt !== null} />
          ))}
        </ol>
      )}
      {draw && (
        <section aria-label={t('defence.draw')} className="mt-8 max-w-prose">
          <DrawProof t={t} formats={formats} draw={draw} slots={slots} timeZone={competition.timeZone} />
        </section>
      )}
    </>
  );
}

type LineProps = { visit: Visit; slot: Timed<ProgrammeSlot>; hasSlides: boolean };

function Line({ visit: { t, formats, slug, competition }, slot, hasSlides }: LineProps) {
  const { team, title, speakers, slides, at, state } = slot;
  return (
    <li className="flex gap-5 py-4">
      <p className="w-14 shrink-0 text-right text-lg font-semibold">
        {at === null ? '—' : <time dateTime={at.toISOString()}>{formats.time(at, competition.timeZone)}</time>}
      </p>
      {team === null ? (
        <p className="text-soft">{t('defence.break')}</p>
      ) : (
        <div className="min-w-0">
          <p className="text-lg leading-snug">
            <Link href={`/c/${slug}/defence/${team.id}`} prefetch={false} className="link font-semibold">
              {team.name}
            </Link>{' '}
            {team.isGuest && <Chip>{t('defence.guest')}</Chip>}{' '}
            {state !== 'ahead' && (
              <Chip look={state === 'now' ? 'accent' : 'plain'}>{t(`defence.state-${state}`)}</Chip>
            )}
          </p>
          {title && <p>{title}</p>}
          {speakers.length > 0 && <p className="text-sm text-soft">{speakers.join(', ')}</p>}
          {hasSlides && slides && <SlidesLink t={t} formats={formats} slug={slug} teamId={team.id} slides={slides} />}
        </div>
      )}
    </li>
  );
}

async function runsIt({ user, competition }: Visit): Promise<boolean> {
  if (user === null || user.isAdministrator) return user !== null;
  return (await findRole(webDatabase(), competition.id, user.id)) !== null;
}

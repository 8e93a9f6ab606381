import type { Metadata } from 'next';
import Link from 'next/link';
import { listDraws, listTeamsWithoutSlot } from '#lib/db/defence.ts';
import { getStageView, type StageView } from '#lib/db/stage.ts';
import { startOfDefence } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { endOf, schedule } from '#lib/defence.ts';
import { slotRemainingMs } from '#lib/stage.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../language.ts';
import { type StaffDesk, staff } from '../staff.ts';
import { AddSlots } from './add-slots.tsx';
import { DefenceNav } from './defence-nav.tsx';
import { DrawPanel } from './draw-panel.tsx';
import { PlanPanel } from './plan-panel.tsx';
import { ProgrammeList } from './programme-list.tsx';
import { programmeRows } from './programme-rows.tsx';
import { PublishPanel } from './publish-panel.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('defence.title') };
}

/** Who talks when. Assistants look at it; organisers arrange it. */
export default async function DefencePage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t, competition, role } = d;
  const view = await getStageView(webDatabase(), competition.id);
  const startsAt = startOfDefence(competition, view.plan);
  const isOrganiser = role === 'organiser';
  const free = isOrganiser ? await listTeamsWithoutSlot(webDatabase(), competition.id) : [];
  return (
    <>
      <PageTitle lead={t('defence.lead')}>{t('defence.title')}</PageTitle>
      <DefenceNav desk={d} />
      <div className="space-y-6">
        {startsAt === null && <Notice kind="warning">{t('defence.no-start')}</Notice>}
        <Programme desk={d} view={view} startsAt={startsAt} />
        {isOrganiser && (
          <>
            <AddSlots desk={d} version={view.plan.version} free={free} />
            <div className="grid items-start gap-6 lg:grid-cols-2">
              <PlanPanel desk={d} plan={view.plan} />
              <div className="space-y-6">
                <DrawPanel desk={d} view={view} draws={await listDraws(webDatabase(), competition.id)} />
                <PublishPanel desk={d} plan={view.plan} />
              </div>
            </div>
          </>
        )}
      </div>
    </>
  );
}

type ProgrammeProps = { desk: StaffDesk; view: StageView; startsAt: Date | null };

function Programme({ desk: d, view: { stage, plan, slots }, startsAt }: ProgrammeProps) {
  const { t, formats, competition, role, now, slug } = d;
  if (slots.length === 0) {
    return <EmptyState title={t('defence.empty')}>{t(`defence.empty-${role}`)}</EmptyState>;
  }
  const onStage = stage.slotId && { slotId: stage.slotId, remainingMs: slotRemainingMs(stage, plan, now) };
  const timed = schedule(slots, plan, startsAt, onStage || null, now);
  const end = endOf(timed, plan);
  const aside = end && t('defence.ends-about', { at: formats.time(end, competition.timeZone) });
  return (
    <Panel title={t('defence.programme')} aside={aside}>
      <ProgrammeList
        slug={slug}
        version={plan.version}
        rows={programmeRows(d, timed, plan)}
        isArranged={role === 'organiser'}
        texts={{
          label: t('defence.programme'),
          help: t('defence.order-help'),
          handle: t('defence.handle', { name: '{name}' }),
          up: t('defence.move-up', { name: '{name}' }),
          down: t('defence.move-down', { name: '{name}' }),
          moved: t('defence.moved', { name: '{name}', place: '{place}', all: '{all}' }),
          saving: t('defence.saving'),
        }}
      />
      <p className="mt-4 text-sm">
        <Link href={`/c/${slug}/defence`} prefetch={false} className="link">
          {t('defence.public-page')}
        </Link>
      </p>
    </Panel>
  );
}

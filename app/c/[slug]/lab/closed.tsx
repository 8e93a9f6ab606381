import { windows } from '#lib/competition.ts';
import type { DevFile } from '#lib/db/lab.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { Watch } from '../submissions/watch.tsx';
import type { Visit } from '../visit.ts';
import type { Closed } from './access.ts';
import { TryPanel } from './try.tsx';

/** The step that stands before the lab. */
export function ClosedLab({ visit: v, state }: { visit: Visit; state: Closed }) {
  const { t, slug, competition, formats } = v;
  const here = `/c/${slug}/lab`;
  const steps = {
    'sign-in-first': { href: withNext('/sign-in', here), label: t('common.sign-in') },
    'rules-first': { href: withNext(`/c/${slug}/rules`, here), label: t('lab.to-rules') },
    'team-first': { href: `/c/${slug}/team`, label: t('lab.to-team') },
    'no-dev': null,
    'not-released': null,
  };
  const step = steps[state];
  const at = formats.instant(windows(competition).dev.start, competition.timeZone);
  return (
    <>
      <Title visit={v} />
      <EmptyState title={t(`lab.${state}`)} action={step && <LinkButton href={step.href}>{step.label}</LinkButton>}>
        {t(`lab.${state}-text`, { at })}
      </EmptyState>
    </>
  );
}

export function EmptyLab({ visit: v, baseline }: { visit: Visit; baseline: DevFile | null }) {
  const ways = (
    <div className="flex flex-wrap gap-3">
      <LinkButton href={`/c/${v.slug}/submit?split=dev`}>{v.t('lab.upload')}</LinkButton>
      {baseline !== null && (
        <LinkButton look="secondary" href={`/c/${v.slug}/lab?file=${baseline.id}`}>
          {v.t('lab.open-baseline')}
        </LinkButton>
      )}
    </div>
  );
  return (
    <>
      <Title visit={v} />
      <EmptyState title={v.t('lab.empty')} action={ways}>
        {v.t('lab.empty-text')}
      </EmptyState>
      <div className="mt-6">
        <TryPanel visit={v} />
      </div>
    </>
  );
}

export function WaitingLab({ visit: v, file }: { visit: Visit; file: { id: string; state: string } }) {
  const { t } = v;
  return (
    <>
      <Title visit={v} />
      <Panel>
        <p className="text-lg font-semibold">{t('lab.waiting')}</p>
        <Watch
          id={file.id}
          state={file.state}
          position={null}
          watching={t('lab.watching')}
          lost={t('lab.watching-lost')}
        />
      </Panel>
    </>
  );
}

function Title({ visit: { t } }: { visit: Visit }) {
  return (
    <PageTitle level={2} lead={t('lab.lead')}>
      {t('lab.title')}
    </PageTitle>
  );
}

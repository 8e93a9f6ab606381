import type { Metadata } from 'next';
import Link from 'next/link';
import { findAttendance } from '#lib/db/attendance.ts';
import { getPlan } from '#lib/db/defence.ts';
import { getTalk, listSpeakers, talksCloseAt } from '#lib/db/talks.ts';
import { findTeamOf, type Team } from '#lib/db/teams.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type Visit, visit } from '../../visit.ts';
import { OwnName, TalkForm } from './forms.tsx';
import { OwnProgress } from './own-progress.tsx';
import { SlidesPanel } from './slides-panel.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('talk.title') };
}

/** What a team shows at the defence, as its members prepare it. */
export default async function TalkPage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, slug, user, competition } = v;
  const team = user && (await findTeamOf(webDatabase(), competition.id, user.id));
  if (user && team) return <TeamTalk visit={v} team={team} user={user} />;
  const href = user === null ? withNext('/sign-in', `/c/${slug}/team/talk`) : `/c/${slug}/team`;
  const label = user === null ? t('common.sign-in') : t('talk.back');
  return (
    <>
      <PageTitle level={2}>{t('talk.title')}</PageTitle>
      <EmptyState title={t('talk.team-first')} action={<LinkButton href={href}>{label}</LinkButton>} />
    </>
  );
}

async function TeamTalk({ visit: v, team, user }: { visit: Visit; team: Team; user: User }) {
  const { t, formats, slug, competition, now } = v;
  const db = webDatabase();
  const plan = await getPlan(db, competition.id);
  const talk = await getTalk(db, team.id);
  const closesAt = talksCloseAt(competition, plan);
  const isOpen = closesAt === null || now < closesAt;
  const at = closesAt === null ? 'never' : formats.instant(closesAt, competition.timeZone);
  return (
    <>
      <p className="mb-3 flex flex-wrap gap-x-6">
        <Link href={`/c/${slug}/team`} prefetch={false} className="link">
          ← {t('talk.back')}
        </Link>
        <Link href={`/c/${slug}/defence/${team.id}`} prefetch={false} className="link">
          {t('talk.public-page')}
        </Link>
      </p>
      <PageTitle level={2} lead={t(isOpen ? 'talk.lead' : 'talk.closed', { at })}>
        {t('talk.title')}
      </PageTitle>
      <Presence visit={v} user={user} />
      <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
        <Panel title={team.name} className="min-w-0">
          <TalkForm visit={v} talk={talk} isOpen={isOpen} />
        </Panel>
        <div className="min-w-0 space-y-5">
          <SlidesPanel visit={v} team={team} talk={talk} isOpen={isOpen} />
          <OwnName visit={v} user={user} speakers={await listSpeakers(db, team.id)} />
        </div>
      </div>
      <OwnProgress visit={v} team={team} />
    </>
  );
}

/** What is recorded of the reader, once somebody has recorded something. */
async function Presence({ visit: { t, competition }, user }: { visit: Visit; user: User }) {
  const found = await findAttendance(webDatabase(), competition.id, user.id);
  if (found === null) return null;
  return (
    <Notice
      kind={found.attended ? 'success' : 'warning'}
      title={t(found.attended ? 'talk.present' : 'talk.absent')}
      className="mb-6"
    >
      {found.overrideReason && <p>{t('defence.override-by', { reason: found.overrideReason })}</p>}
      {!found.attended && <p>{t('talk.absent-text')}</p>}
    </Notice>
  );
}

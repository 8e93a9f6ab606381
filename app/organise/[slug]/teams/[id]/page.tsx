import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getTeam } from '#lib/db/team-administration.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { NotFoundError } from '#lib/errors.ts';
import { Chip } from '#ui/chip.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { staff } from '../../staff.ts';
import { Agreements } from './agreements.tsx';
import { Files } from './files.tsx';
import { Members } from './members.tsx';
import { TeamSettings } from './team-settings.tsx';

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await teamOf(await params)).name };
}

/** One team: its people, its files, what is agreed with it, and what organisers can do about it. */
export default async function TeamAdministrationPage({ params }: Props) {
  const { slug, id } = await params;
  const d = await staff(slug);
  const team = await teamOf({ slug, id });
  return (
    <>
      <p className="mb-3">
        <Link href={`/organise/${slug}/teams`} prefetch={false} className="link">
          ← {d.t('people.back')}
        </Link>
      </p>
      <PageTitle>
        {team.name} {team.isGuest && <Chip>{d.t('people.guest')}</Chip>}
      </PageTitle>
      <div className="space-y-6">
        <Members desk={d} team={team} />
        {d.role === 'organiser' && <Files desk={d} team={team} />}
        <Agreements desk={d} team={team} />
        {d.role === 'organiser' && <TeamSettings desk={d} team={team} />}
      </div>
    </>
  );
}

async function teamOf({ slug, id }: { slug: string; id: string }): Promise<Team> {
  const { competition } = await staff(slug);
  return getTeam(webDatabase(), { competitionId: competition.id, teamId: id }).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
}

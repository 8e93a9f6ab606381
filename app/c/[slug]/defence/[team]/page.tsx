import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { readSnapshot } from '#lib/board.ts';
import { getBoard } from '#lib/db/boards.ts';
import { getTalk, listSpeakers } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { type Visit, visit } from '../../visit.ts';
import { accessTalk, type TalkAccess } from '../access.ts';
import { SlidesLink } from '../slides-link.tsx';
import { TeamProgress } from '../team-progress.tsx';

type Params = { slug: string; team: string };
type Props = { params: Promise<Params> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, team } = await params;
  return { title: (await talkOf(slug, team)).team.name };
}

/** What a team says of its talk, and its numbers as everybody sees them. */
export default async function TeamTalkPage({ params }: Props) {
  const { slug, team: id } = await params;
  const v = await visit(slug);
  const { t, competition } = v;
  const { team, maySeeSlides } = await talkOf(slug, id);
  const talk = await getTalk(webDatabase(), team.id);
  const speakers = (await listSpeakers(webDatabase(), team.id)).flatMap(({ name }) => name ?? []);
  const board = readSnapshot((await getBoard(webDatabase(), competition)).body);
  const rows = board.rows.filter(({ teamId, isBaseline }) => teamId === team.id || isBaseline);
  return (
    <>
      <p className="mb-3">
        <Link href={`/c/${slug}/defence`} prefetch={false} className="link">
          ← {t('defence.title')}
        </Link>
      </p>
      <PageTitle level={2} lead={speakers.join(', ')}>
        {team.name}
      </PageTitle>
      {talk.title && <p className="max-w-prose text-xl font-semibold">{talk.title}</p>}
      {talk.description && <p className="mt-2 max-w-prose whitespace-pre-line">{talk.description}</p>}
      {!talk.title && !talk.description && <p className="text-soft">{t('talk.nothing-said')}</p>}
      {maySeeSlides && <TeamSlides visit={v} teamId={team.id} talk={talk} />}
      <TeamProgress visit={v} board={{ at: board.at, rows }} note={t('talk.progress-public')} />
    </>
  );
}

type SlidesProps = { visit: Visit; teamId: string; talk: Awaited<ReturnType<typeof getTalk>> };

function TeamSlides({ visit: { t, formats, slug }, teamId, talk: { slides, slidesLink } }: SlidesProps) {
  const given = { t, formats, slug, teamId };
  return (
    <ul className="mt-4 space-y-1">
      {slides && (
        <li>
          <SlidesLink {...given} slides={{ kind: 'file', name: slides.name, bytes: slides.bytes }} />
        </li>
      )}
      {slidesLink && (
        <li>
          <SlidesLink {...given} slides={{ kind: 'link', url: slidesLink }} />
        </li>
      )}
    </ul>
  );
}

const talkOf = cache(async (slug: string, teamId: string): Promise<TalkAccess> => {
  const { competition, user } = await visit(slug);
  return (await accessTalk(competition, user, teamId)) ?? notFound();
});

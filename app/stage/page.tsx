import type { Metadata } from 'next';
import { findGuest } from '#lib/auth/evening-guest.ts';
import { isRevealDue, isRevealed, nameOf } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { getCompetitionById } from '#lib/db/competitions.ts';
import { findReveal } from '#lib/db/reveals.ts';
import { getStageView } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { revealWords } from '#lib/reveal-words.ts';
import { PageTitle } from '#ui/page-title.tsx';
import { remoteView } from '#ui/remote-view.ts';
import { RevealRemote } from '#ui/reveal-remote.tsx';
import { StageRemote } from '#ui/stage-remote.tsx';
import { DeadLink } from '../dead-link.tsx';
import { pageLanguage } from '../language.ts';
import { pressAsGuest } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t('stage.remote'), robots: { index: false }, referrer: 'no-referrer' };
}

/** The stage's remote for whoever was given a link for the evening. */
export default async function GuestStagePage() {
  const guest = await findGuest('stage');
  if (guest === null) return <DeadLink />;
  const { t, formats, language } = await pageLanguage();
  const db = webDatabase();
  const competition = await getCompetitionById(db, guest.competitionId);
  const until = formats.instant(guest.expiresAt, competition.timeZone);
  const view = await getStageView(db, competition.id);
  const now = await readClock(db);
  return (
    <>
      <PageTitle lead={t('stage.guest', { name: guest.name, competition: nameOf(competition, language), until })}>
        {t('stage.remote')}
      </PageTitle>
      <StageRemote
        view={remoteView(competition.slug, view, now)}
        action={pressAsGuest}
        texts={{ messages: messagesOf('stage', language), language }}
      />
      {competition.revealByHelpers && isRevealDue(competition, now) && (
        <div className="mt-8">
          <RevealRemote
            slug={competition.slug}
            pressUrl="/stage/reveal"
            language={language}
            messages={messagesOf('reveal', language)}
            words={revealWords(t, language)}
            isOver={isRevealed(competition, now)}
            initial={await findReveal(db, competition.id)}
          />
        </div>
      )}
    </>
  );
}

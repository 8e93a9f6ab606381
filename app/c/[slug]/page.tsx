import { briefOf } from '#lib/competition.ts';
import { hasAcceptedRules } from '#lib/db/rule-acceptances.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { nextStep, type Standing } from './next-step.ts';
import { type Visit, visit } from './visit.ts';

type Props = { params: Promise<{ slug: string }> };

export default async function BriefPage({ params }: Props) {
  const v = await visit((await params).slug);
  const { competition, language, t } = v;
  const brief = briefOf(competition, language);
  return (
    <>
      <h2 className="sr-only">{t('common.tab-brief')}</h2>
      {brief === '' ? (
        <EmptyState title={t('common.brief-empty')}>{t('common.brief-empty-text')}</EmptyState>
      ) : (
        <Markdown>{brief}</Markdown>
      )}
      <Onward visit={v} />
    </>
  );
}

/** The next step of whoever reads, then what one wants to look up again. */
async function Onward({ visit: v }: { visit: Visit }) {
  const { t, slug, competition, now } = v;
  const step = nextStep(competition, await standingOf(v), now);
  const labels = {
    rules: t('common.brief-rules'),
    team: t('competition.next-team'),
    data: t('competition.next-data'),
    submit: t('upload.upload-another'),
    results: t('competition.next-results'),
  };
  return (
    <div className="mt-10 flex flex-wrap gap-3">
      <LinkButton href={`/c/${slug}/${step}`}>{labels[step]}</LinkButton>
      {step !== 'rules' && (
        <LinkButton href={`/c/${slug}/rules`} look="secondary">
          {t('common.tab-rules')}
        </LinkButton>
      )}
      <LinkButton href={`/c/${slug}/board`} look="secondary">
        {t('common.tab-board')}
      </LinkButton>
    </div>
  );
}

async function standingOf({ user, competition }: Visit): Promise<Standing> {
  if (user === null) return { hasAccepted: false, hasTeam: false };
  const db = webDatabase();
  const team = await findTeamOf(db, competition.id, user.id);
  return { hasAccepted: await hasAcceptedRules(db, competition, user.id), hasTeam: team !== null };
}

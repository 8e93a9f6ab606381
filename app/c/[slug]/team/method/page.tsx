import type { Metadata } from 'next';
import Link from 'next/link';
import { findMark } from '#lib/db/eligibility.ts';
import { type CardState, getCardState } from '#lib/db/method-cards.ts';
import { findTeamOf, type Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { cardParts, emptyCard, type MethodCard, missingParts } from '#lib/method-card.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field, TextArea } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type Visit, visit } from '../../visit.ts';
import { saveMethodCard } from './actions.ts';
import { CardText } from './card-text.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('eligibility.card-title') };
}

export default async function MethodCardPage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, slug, user, competition } = v;
  const team = user && (await findTeamOf(webDatabase(), competition.id, user.id));
  if (team) return <TeamCard visit={v} team={team} />;
  const href = user === null ? withNext('/sign-in', `/c/${slug}/team/method`) : `/c/${slug}/team`;
  const label = user === null ? t('common.sign-in') : t('eligibility.card-back');
  return (
    <>
      <PageTitle level={2}>{t('eligibility.card-title')}</PageTitle>
      <EmptyState title={t('eligibility.card-team-first')} action={<LinkButton href={href}>{label}</LinkButton>} />
    </>
  );
}

async function TeamCard({ visit: v, team }: { visit: Visit; team: Team }) {
  const { t, formats, slug, competition } = v;
  const state = await getCardState(webDatabase(), competition, team.id);
  const at = formats.instant(state.closesAt, competition.timeZone);
  return (
    <>
      <p className="mb-3">
        <Link href={`/c/${slug}/team`} prefetch={false} className="link">
          ← {t('eligibility.card-back')}
        </Link>
      </p>
      <PageTitle level={2} lead={t(state.isOpen ? 'eligibility.card-lead' : 'eligibility.card-closed', { at })}>
        {t('eligibility.card-title')}
      </PageTitle>
      <Decision visit={v} team={team} />
      {state.isReopened && <Notice className="mb-6">{t('eligibility.card-reopened')}</Notice>}
      <Panel title={team.name} aside={<Completeness visit={v} card={state.card ?? emptyCard} />}>
        {state.isOpen ? (
          <CardForm visit={v} card={state.card ?? emptyCard} />
        ) : (
          <CardText t={t} card={state.card ?? emptyCard} />
        )}
        <Edited visit={v} state={state} />
      </Panel>
    </>
  );
}

/** Once organisers have decided about the team. */
async function Decision({ visit: { t }, team }: { visit: Visit; team: Team }) {
  const mark = await findMark(webDatabase(), team.id);
  if (mark === null) return null;
  const kind = mark.isRanked ? 'ranked' : 'unranked';
  return (
    <Notice
      kind={mark.isRanked ? 'success' : 'warning'}
      title={t(`eligibility.mail-${kind}`, { team: team.name })}
      className="mb-6"
    >
      <p>{t('eligibility.mail-reason', { reason: mark.reason })}</p>
      <p>{t('eligibility.mail-reply')}</p>
    </Notice>
  );
}

function Completeness({ visit: { t }, card }: { visit: Visit; card: MethodCard }) {
  const missing = missingParts(card).length;
  if (missing === 0) return <Chip look="good">{t('eligibility.card-complete')}</Chip>;
  return t('eligibility.card-parts', { filled: cardParts.length - missing, all: cardParts.length });
}

function CardForm({ visit: { t, slug }, card }: { visit: Visit; card: MethodCard }) {
  return (
    <ActionForm action={saveMethodCard.bind(null, slug)} className="space-y-5">
      {(['model', 'data', 'externalServices'] as const).map((part) => (
        <TextArea
          key={part}
          name={part}
          label={t(`eligibility.part-${part}`)}
          hint={t(`eligibility.part-${part}-hint`)}
          defaultValue={card[part]}
        />
      ))}
      {(['codeLink', 'codeCommit'] as const).map((part) => (
        <Field
          key={part}
          name={part}
          label={t(`eligibility.part-${part}`)}
          hint={t(`eligibility.part-${part}-hint`)}
          defaultValue={card[part] ?? ''}
          autoComplete="off"
          spellCheck={false}
        />
      ))}
      <SubmitButton pending={t('eligibility.card-saving')}>{t('eligibility.card-save')}</SubmitButton>
    </ActionForm>
  );
}

function Edited({ visit: { t, formats, competition }, state: { card } }: { visit: Visit; state: CardState }) {
  if (card === null) return null;
  const at = formats.shortInstant(card.editedAt, competition.timeZone);
  return (
    <p className="mt-5 text-sm text-soft">
      {t('eligibility.card-edited', { at, person: card.editedBy ?? t('eligibility.somebody') })}
    </p>
  );
}

import type { Metadata } from 'next';
import Link from 'next/link';
import { requireUser } from '#lib/auth.ts';
import { type Competition, nameOf, status } from '#lib/competition.ts';
import { readClock } from '#lib/db/client.ts';
import { listOrganisedCompetitions } from '#lib/db/organisers.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { PlaceFields } from '#ui/place-fields.tsx';
import { ProfileChoice } from '#ui/profile-choice.tsx';
import { suggestedProfile } from '#ui/profile-example.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { DocsLink } from '../docs/docs-link.tsx';
import { pageLanguage } from '../language.ts';
import { statusSentence } from '../status-sentence.ts';
import { create } from './actions.ts';
import { MailPanel } from './mail-panel.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('organise.title') };
}

export default async function OrganisePage() {
  const user = await requireUser();
  const { t } = await pageLanguage();
  const competitions = await listOrganisedCompetitions(webDatabase(), user);
  return (
    <>
      <PageTitle
        lead={t('organise.lead')}
        actions={
          <LinkButton href="/course" look="secondary">
            {t('course.all')}
          </LinkButton>
        }
      >
        {t('organise.title')}
      </PageTitle>
      <div className="space-y-6">
        {competitions.length === 0 && (
          <EmptyState title={t('organise.none')}>
            {user.isAdministrator ? t('organise.none-administrator') : t('organise.none-text')}
          </EmptyState>
        )}
        {competitions.length > 0 && <Competitions competitions={competitions} now={await readClock(webDatabase())} />}
        {competitions.length > 0 && !user.isAdministrator && <p className="text-soft">{t('organise.more-text')}</p>}
        {user.isAdministrator && <Create />}
        {user.isAdministrator && <MailPanel />}
      </div>
      <div className="mt-8">
        <DocsLink to="organisers/competition" />
      </div>
    </>
  );
}

async function Competitions({ competitions, now }: { competitions: readonly Competition[]; now: Date }) {
  const { t, formats, language } = await pageLanguage();
  return (
    <ul className="divide-y divide-rule border-y border-rule">
      {competitions.map((competition) => (
        <li key={competition.id} className="py-4">
          <p className="text-lg font-semibold">
            <Link href={`/organise/${competition.slug}`} prefetch={false} className="link">
              {nameOf(competition, language)}
            </Link>{' '}
            {competition.publishedAt === null && <Chip look="warn">{t('organise.draft')}</Chip>}
          </p>
          <p className="text-soft">{statusSentence(t, formats, competition, status(competition, now))}</p>
        </li>
      ))}
    </ul>
  );
}

async function Create() {
  const { t, language } = await pageLanguage();
  return (
    <Panel title={t('organise.create-title')}>
      <p className="mb-5 max-w-prose text-soft">{t('organise.create-text')}</p>
      <ActionForm action={create} className="space-y-5">
        <PlaceFields t={t} hints={{ slug: t('organise.slug-hint'), timeZone: t('organise.time-zone-hint') }} />
        <div className="grid max-w-xl gap-5 sm:grid-cols-2">
          <Field type="datetime-local" name="submissionsStartAt" label={t('organise.submissions-start')} required />
          <Field type="datetime-local" name="submissionsEndAt" label={t('organise.submissions-end')} required />
        </div>
        <ProfileChoice t={t} language={language} chosen={suggestedProfile(language)} />
        <SubmitButton pending={t('organise.creating')}>{t('organise.create')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

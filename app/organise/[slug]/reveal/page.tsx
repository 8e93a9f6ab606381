import type { Metadata } from 'next';
import { isRevealDue, isRevealed } from '#lib/competition.ts';
import { findResultVersions, findReveal } from '#lib/db/reveals.ts';
import { webDatabase } from '#lib/db/web.ts';
import { messagesOf } from '#lib/messages/translate.ts';
import { revealWords } from '#lib/reveal-words.ts';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { RevealRemote } from '#ui/reveal-remote.tsx';
import { DocsLink } from '../../../docs/docs-link.tsx';
import { pageLanguage } from '../../../language.ts';
import { Refresher } from '../refresher.tsx';
import { type StaffDesk, staff } from '../staff.ts';
import { callRevealNow, restartRevealNow } from './actions.ts';
import { FilePanel } from './file-panel.tsx';
import { RehearsalPanel } from './rehearsal-panel.tsx';
import { Remote } from './remote.tsx';
import { SettingsPanel } from './settings-panel.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('reveal.title') };
}

/** The remote first, since on the evening it is all that counts; below it what comes before the evening. */
export default async function RevealPage({ params }: Props) {
  const d = await staff((await params).slug);
  const { t, language, competition, slug, role, now } = d;
  const isOrganiser = role === 'organiser';
  const mayPress = isOrganiser || competition.revealByHelpers;
  return (
    <>
      <PageTitle lead={t('reveal.lead')}>{t('reveal.title')}</PageTitle>
      <div className="space-y-6">
        {mayPress ? <Show desk={d} /> : <EmptyState title={t('reveal.helpers-off')} />}
        {isOrganiser && (
          <>
            {!isRevealed(competition, now) && <RehearsalPanel slug={slug} t={t} />}
            <FilePanel
              slug={slug}
              language={language}
              timeZone={competition.timeZone}
              needsReason={!isRevealDue(competition, now)}
              isClosed={now >= competition.submissionsEndAt}
              messages={messagesOf('reveal', language)}
            />
            <SettingsPanel desk={d} />
          </>
        )}
        <DocsLink to="organisers/defence" />
      </div>
    </>
  );
}

/** What can be done about the show now: begin it, wait for its result, or step. */
async function Show({ desk: d }: { desk: StaffDesk }) {
  const { t, language, competition, slug, role, now } = d;
  if (!isRevealDue(competition, now)) return <Ahead desk={d} />;
  const [reveal, versions] = [
    await findReveal(webDatabase(), competition.id),
    await findResultVersions(webDatabase(), competition.id),
  ];
  if (versions.newest === null) {
    return (
      <Panel title={t('reveal.computing')}>
        <p>{t('reveal.computing-text')}</p>
        <Refresher seconds={2} />
      </Panel>
    );
  }
  const OwnRemote = role === 'organiser' ? Remote : RevealRemote;
  const isOvertaken = versions.shown !== null && versions.shown < versions.newest;
  return (
    <>
      {isOvertaken && <Overtaken desk={d} />}
      <OwnRemote
        slug={slug}
        pressUrl={`/organise/${slug}/reveal/press`}
        language={language}
        messages={messagesOf('reveal', language)}
        words={revealWords(t, language)}
        isOver={isRevealed(competition, now)}
        initial={reveal}
      />
    </>
  );
}

function Ahead({ desk: { t, formats, competition, slug, role, now } }: { desk: StaffDesk }) {
  const { revealsAt, submissionsEndAt, timeZone } = competition;
  const isClosed = competition.publishedAt !== null && now >= submissionsEndAt;
  return (
    <Panel>
      <p className="mb-4 text-lg font-semibold">
        {revealsAt === null
          ? t('reveal.not-due-unknown')
          : t('reveal.not-due', { at: formats.instant(revealsAt, timeZone) })}
      </p>
      {!isClosed && <p>{t('reveal.not-closed', { at: formats.instant(submissionsEndAt, timeZone) })}</p>}
      {isClosed && role === 'organiser' && (
        <ConfirmForm
          action={callRevealNow.bind(null, slug)}
          look="primary"
          trigger={t('reveal.call')}
          title={t('reveal.call-title')}
          confirm={t('reveal.call-confirm')}
          pending={t('reveal.working')}
          cancel={t('reveal.cancel')}
        >
          <p>{t('reveal.call-text')}</p>
          <Field name="reason" label={t('reveal.reason')} hint={t('reveal.reason-hint')} maxLength={500} required />
        </ConfirmForm>
      )}
    </Panel>
  );
}

function Overtaken({ desk: { t, slug, role } }: { desk: StaffDesk }) {
  return (
    <Notice kind="warning" title={t('reveal.newer')}>
      <p className="mb-3">{t('reveal.newer-text')}</p>
      {role === 'organiser' && (
        <ConfirmForm
          action={restartRevealNow.bind(null, slug)}
          trigger={t('reveal.restart')}
          title={t('reveal.restart-title')}
          confirm={t('reveal.restart')}
          pending={t('reveal.working')}
          cancel={t('reveal.cancel')}
        >
          <p>{t('reveal.newer-text')}</p>
          <Field name="reason" label={t('reveal.reason')} hint={t('reveal.reason-hint')} maxLength={500} required />
        </ConfirmForm>
      )}
    </Notice>
  );
}

import type { Metadata } from 'next';
import type { User } from '#lib/auth.ts';
import {
  listPublicQuestions,
  listQuestionsOf,
  longestQuestion,
  type OwnQuestion,
  type PublicQuestion,
} from '#lib/db/questions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { LinkButton } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { TextArea } from '#ui/field.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { ask } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('questions.title') };
}

/** A reader's own questions, which are theirs alone, and what was answered to all. */
export default async function QuestionsPage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, user, slug, competition } = v;
  const toAll = await listPublicQuestions(webDatabase(), competition.id);
  return (
    <>
      <PageTitle level={2} lead={t('questions.lead')}>
        {t('questions.title')}
      </PageTitle>
      <div className="space-y-8">
        {user === null ? (
          <p className="flex flex-wrap items-center gap-4">
            {t('questions.sign-in')}
            <LinkButton href={withNext('/sign-in', `/c/${slug}/questions`)} size="small">
              {t('common.sign-in')}
            </LinkButton>
          </p>
        ) : (
          <Own visit={v} user={user} />
        )}
        <section>
          <h3 className="mb-4 text-xl font-semibold tracking-tight">{t('questions.public')}</h3>
          {toAll.length === 0 && <p className="text-soft">{t('questions.public-none')}</p>}
          <div className="space-y-5">
            {toAll.map((question) => (
              <ForAll key={question.id} visit={v} question={question} />
            ))}
          </div>
        </section>
      </div>
    </>
  );
}

async function Own({ visit: v, user }: { visit: Visit; user: User }) {
  const { t, slug } = v;
  const own = await listQuestionsOf(webDatabase(), v.competition.id, user.id);
  return (
    <>
      <Panel title={t('questions.ask')}>
        <ActionForm action={ask.bind(null, slug)} className="space-y-4">
          <TextArea
            name="body"
            label={t('questions.ask-label')}
            hint={t('questions.ask-hint', { longest: longestQuestion })}
            required
            maxLength={longestQuestion}
          />
          <SubmitButton pending={t('questions.sending')}>{t('questions.send')}</SubmitButton>
        </ActionForm>
      </Panel>
      {own.length > 0 && (
        <section>
          <h3 className="mb-4 text-xl font-semibold tracking-tight">{t('questions.own')}</h3>
          <div className="space-y-5">
            {own.map((question) => (
              <OwnOne key={question.id} visit={v} question={question} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

function OwnOne({ visit: { t, formats, competition }, question }: { visit: Visit; question: OwnQuestion }) {
  const { answer, askedAt, body, isPublic } = question;
  const print = (at: Date) => formats.shortInstant(at, competition.timeZone);
  return (
    <Panel as="article">
      <p className="text-sm text-soft">
        {t('questions.asked-at', { at: print(askedAt) })}{' '}
        {answer === null && <Chip look="warn">{t('questions.waiting')}</Chip>}
        {isPublic && `· ${t('questions.also-public')}`}
      </p>
      <p className="mt-2 max-w-prose whitespace-pre-line break-words font-medium">{body}</p>
      {answer !== null && (
        <div className="mt-4 border-l-2 border-line pl-4">
          <p className="mb-1 text-sm text-soft">{t('questions.answered-at', { at: print(answer.at) })}</p>
          <Markdown>{answer.text}</Markdown>
        </div>
      )}
    </Panel>
  );
}

function ForAll({ visit: { t, formats, competition }, question }: { visit: Visit; question: PublicQuestion }) {
  const at = formats.shortInstant(question.answeredAt, competition.timeZone);
  return (
    <Panel as="article">
      <p className="max-w-prose whitespace-pre-line break-words font-medium">{question.body}</p>
      <p className="mb-1 mt-3 text-sm text-soft">{t('questions.answered-at', { at })}</p>
      <Markdown>{question.answer}</Markdown>
    </Panel>
  );
}

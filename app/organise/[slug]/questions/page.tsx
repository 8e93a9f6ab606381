import type { Metadata } from 'next';
import {
  type AskedQuestion,
  countQuestions,
  listAskedQuestions,
  longestAnswer,
  longestQuestion,
} from '#lib/db/questions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Checkbox, TextArea } from '#ui/field.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { pageOf } from '#ui/page-links.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { pageLanguage } from '../../../language.ts';
import { ListPages } from '../list-pages.tsx';
import { type StaffDesk, staff } from '../staff.ts';
import { reply } from './actions.ts';

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

const pageSize = 20;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('questions.desk-title') };
}

/** Every question to those who run the competition: the unanswered first, each with its form. */
export default async function QuestionsDeskPage({ params, searchParams }: Props) {
  const d = await staff((await params).slug);
  const { t } = d;
  const counts = await countQuestions(webDatabase(), d.competition.id);
  const part = pageOf((await searchParams).page, counts.total, pageSize);
  const shown = { offset: part.offset, limit: pageSize };
  const all = await listAskedQuestions(webDatabase(), d.competition.id, shown);
  const unanswered = all.filter(({ answer }) => answer === null);
  const answered = all.filter(({ answer }) => answer !== null);
  return (
    <>
      <PageTitle lead={t('questions.desk-lead')}>{t('questions.desk-title')}</PageTitle>
      {all.length === 0 && <EmptyState title={t('questions.desk-none')}>{t('questions.desk-none-text')}</EmptyState>}
      {unanswered.length > 0 && (
        <section className="space-y-5">
          <h2 className="text-xl font-semibold tracking-tight">
            {t('questions.unanswered', { count: counts.unanswered })}
          </h2>
          {unanswered.map((question) => (
            <Panel key={question.id} as="article">
              <Asked desk={d} question={question} />
              <Reply desk={d} question={question} />
            </Panel>
          ))}
        </section>
      )}
      {answered.length > 0 && (
        <section className="mt-10 space-y-5">
          <h2 className="text-xl font-semibold tracking-tight">{t('questions.answered')}</h2>
          {answered.map((question) => (
            <Answered key={question.id} desk={d} question={question} />
          ))}
        </section>
      )}
      <ListPages desk={d} path="/questions" {...part} />
    </>
  );
}

type QuestionProps = { desk: StaffDesk; question: AskedQuestion };

function Asked({ desk: { t, print }, question }: QuestionProps) {
  const { asker, team } = question;
  const named = team === null ? t('questions.from-alone', { name: asker ?? '' }) : null;
  const from =
    asker === null ? t('questions.from-gone') : (named ?? t('questions.from', { name: asker, team: team ?? '' }));
  return (
    <>
      <p className="text-sm text-soft">
        {from} · {t('questions.asked-at', { at: print(question.askedAt) })}
      </p>
      <p className="mt-2 max-w-prose whitespace-pre-line break-words">{question.body}</p>
    </>
  );
}

function Answered({ desk, question }: QuestionProps) {
  const { t, print } = desk;
  const { answer, publicBody } = question;
  if (answer === null) return null;
  return (
    <Panel as="article">
      <Asked desk={desk} question={question} />
      <div className="mt-4 border-l-2 border-line pl-4">
        <p className="mb-1 text-sm text-soft">
          <Chip look={publicBody === null ? 'plain' : 'accent'}>
            {t(publicBody === null ? 'questions.private-chip' : 'questions.to-all-chip')}
          </Chip>{' '}
          {t('questions.answered-at', { at: print(answer.at) })}
          {answer.by !== null && ` · ${t('questions.by', { name: answer.by })}`}
        </p>
        <Markdown>{answer.text}</Markdown>
      </div>
      <details className="mt-4">
        <summary className="cursor-pointer font-medium">{t('questions.change')}</summary>
        <Reply desk={desk} question={question} />
      </details>
    </Panel>
  );
}

function Reply({ desk: { t, slug }, question }: QuestionProps) {
  const { id, answer, publicBody, body } = question;
  return (
    <ActionForm action={reply.bind(null, slug)} className="mt-4 space-y-4">
      <input type="hidden" name="question" value={id} />
      <input type="hidden" name="seen" value={answer?.at.toISOString() ?? ''} />
      <TextArea
        name="answer"
        label={t('questions.answer-label')}
        required
        maxLength={longestAnswer}
        defaultValue={answer?.text ?? ''}
      />
      <Checkbox
        name="toAll"
        label={t('questions.to-all')}
        hint={t('questions.to-all-hint')}
        defaultChecked={publicBody !== null}
      />
      <TextArea
        name="publicBody"
        label={t('questions.public-label')}
        rows={3}
        maxLength={longestQuestion}
        defaultValue={publicBody ?? body}
      />
      <SubmitButton pending={t('questions.replying')}>{t('questions.reply')}</SubmitButton>
    </ActionForm>
  );
}

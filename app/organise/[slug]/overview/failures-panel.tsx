import Link from 'next/link';
import { type Failure, listFailures } from '#lib/db/retries.ts';
import { webDatabase } from '#lib/db/web.ts';
import { failureSentence } from '#lib/failure-sentence.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { StaffDesk } from '../staff.ts';
import { retry } from './actions.ts';

const shownFailures = 20;

/** What the platform could not score, why, and the way back into the queue. */
export async function FailuresPanel({ desk }: { desk: StaffDesk }) {
  const { t, formats, competition, now, role } = desk;
  const { total, retriable, shown } = await listFailures(webDatabase(), competition.id, shownFailures);
  return (
    <div id="failures" className="scroll-mt-6">
      <Panel title={t('organise.failures')}>
        {/* Stays in its place when nothing is left to retry, and with it the answer. */}
        {role === 'organiser' && <RetryForm desk={desk} retriable={retriable} />}
        {total === 0 && <p className="text-soft">{t('organise.failures-none')}</p>}
        {total > 0 && (
          <>
            <ul className="divide-y divide-rule border-y border-rule">
              {shown.map((failure) => (
                <FailureItem key={failure.id} desk={desk} failure={failure} />
              ))}
            </ul>
            <p className="mt-3 text-sm text-soft">
              {t('console.failures-note', {
                shown: shown.length,
                total,
                zone: formats.zone(now, competition.timeZone),
              })}
            </p>
          </>
        )}
      </Panel>
    </div>
  );
}

function RetryForm({ desk: { t, slug }, retriable }: { desk: StaffDesk; retriable: number }) {
  return (
    <ActionForm action={retry.bind(null, slug)} id={retryForm} className="mb-5">
      {retriable > 0 && <p className="mb-4 max-w-prose text-soft">{t('console.retry-text')}</p>}
      {retriable > 1 && (
        <SubmitButton name="which" value="all" look="secondary" pending={t('console.retrying')}>
          {t('console.retry-all', { count: retriable })}
        </SubmitButton>
      )}
    </ActionForm>
  );
}

/** The buttons of the list send this form: what it answers stands above them, wherever a file has gone meanwhile. */
const retryForm = 'retry';

function FailureItem({ desk: { t, slug, print, role }, failure }: { desk: StaffDesk; failure: Failure }) {
  const { id, team, fileName, split, reason, finishedAt, isVoided, isSentAgain } = failure;
  const name = fileName || t('upload.unnamed');
  const over = (isVoided && 'console.retry-voided') || (isSentAgain && 'console.retry-sent-again') || null;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 max-w-prose">
        <p>
          <Link href={`/c/${slug}/submissions/${id}`} prefetch={false} className="link break-all font-medium">
            {name}
          </Link>{' '}
          <Chip>{split}</Chip>
        </p>
        <p className="text-sm text-soft">
          {team} · {print(finishedAt)}
        </p>
        <p className="mt-1">{failureSentence(reason, t)}</p>
      </div>
      {over !== null && <p className="text-sm text-soft">{t(over)}</p>}
      {over === null && role === 'organiser' && (
        <SubmitButton
          form={retryForm}
          name="which"
          value={id}
          look="secondary"
          size="small"
          aria-label={`${t('console.retry')}: ${name}, ${team}`}
        >
          {t('console.retry')}
        </SubmitButton>
      )}
    </li>
  );
}

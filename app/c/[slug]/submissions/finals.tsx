import Link from 'next/link';
import type { TeamFinals } from '#lib/db/finals.ts';
import type { CardState } from '#lib/db/method-cards.ts';
import { emptyCard, missingParts } from '#lib/method-card.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import type { Visit } from '../visit.ts';
import { chooseFinal } from './actions.ts';

type Props = { visit: Visit; finals: TeamFinals; card: CardState };

/** What counts if it closed now, and what the team has yet to do about it. */
export function FinalsPanel({ visit: { t, formats, competition, slug }, finals, card }: Props) {
  const { counted, closesAt, isOpen, reason } = finals;
  const at = formats.instant(closesAt, competition.timeZone);
  const heading = isOpen ? 'finals.now' : 'finals.counted';
  return (
    <Panel title={t('finals.title')} className="mb-6">
      <p className="max-w-prose text-soft">{t(isOpen ? 'finals.lead' : 'finals.lead-closed', { at })}</p>
      {counted.length === 0 ? (
        <p className="mt-3 font-medium">{t('finals.none')}</p>
      ) : (
        <>
          <h3 className="mt-4 font-medium">{t(heading, { count: counted.length })}</h3>
          <ul className="mt-1 divide-y divide-rule">
            {counted.map(({ submissionId, fileName, werPermille, receivedAt }) => (
              <li key={submissionId} className="flex flex-wrap items-baseline justify-between gap-x-6 py-2">
                <span className="min-w-0">
                  <Link
                    href={`/c/${slug}/submissions/${submissionId}`}
                    prefetch={false}
                    className="link break-all font-semibold"
                  >
                    {fileName || t('upload.unnamed')}
                  </Link>{' '}
                  <span className="text-sm text-soft">{formats.shortInstant(receivedAt, competition.timeZone)}</span>
                </span>
                <b className="text-lg font-semibold">{formats.percent(werPermille && werPermille / 1000)}</b>
              </li>
            ))}
          </ul>
          <p className="text-sm text-soft">{reason !== 'none' && t(`finals.reason-${reason}`)}</p>
        </>
      )}
      {card.isOpen && missingParts(card.card ?? emptyCard).length > 0 && (
        <p className="mt-4">
          {t('finals.card-missing')}{' '}
          <Link href={`/c/${slug}/team/method`} prefetch={false} className="link">
            {t('finals.card-link')}
          </Link>
        </p>
      )}
    </Panel>
  );
}

/** Beside one file: whether it counts, and the choice. Nothing for files that cannot. */
export function FinalChoice({
  visit: { t, slug },
  finals,
  submissionId,
}: Omit<Props, 'card'> & { submissionId: string }) {
  const candidate = finals.candidates.find((one) => one.submissionId === submissionId);
  if (candidate === undefined) return null;
  const { isPicked } = candidate;
  const file = candidate.fileName || t('upload.unnamed');
  const isCounted = finals.counted.some((one) => one.submissionId === submissionId);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 font-normal">
      {isCounted && (
        <Chip look={isPicked ? 'accent' : 'plain'}>{t(isPicked ? 'finals.chip-final' : 'finals.chip-default')}</Chip>
      )}
      {finals.isOpen && (
        <ActionForm action={chooseFinal.bind(null, slug)}>
          <input type="hidden" name="submission" value={submissionId} />
          <input type="hidden" name="final" value={isPicked ? 'no' : 'yes'} />
          <SubmitButton
            look="secondary"
            size="small"
            pending={t('finals.working')}
            aria-label={t(isPicked ? 'finals.unpick-of' : 'finals.pick-of', { file })}
          >
            {t(isPicked ? 'finals.unpick' : 'finals.pick')}
          </SubmitButton>
        </ActionForm>
      )}
    </div>
  );
}

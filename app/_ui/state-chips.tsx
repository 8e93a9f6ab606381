import type { SubmissionStatus, SubmissionView } from '#lib/db/submission-views.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { Chip, type ChipLook } from './chip.tsx';

const looks: Record<SubmissionStatus['state'], ChipLook> = {
  queued: 'plain',
  scoring: 'accent',
  scored: 'good',
  rejected: 'bad',
  failed: 'bad',
};

/** Where a submission stands, in a word or two. */
export function StateChips({ t, submission }: { t: Translate; submission: SubmissionView }) {
  const { state } = submission.status;
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      {!(submission.late && state === 'queued') && <Chip look={looks[state]}>{t(`upload.state-${state}`)}</Chip>}
      {submission.late && <Chip look="warn">{t('upload.state-late')}</Chip>}
      {submission.voidedAt && <Chip look="bad">{t('upload.state-voided')}</Chip>}
    </span>
  );
}

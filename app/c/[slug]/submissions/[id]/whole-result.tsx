import { type ErrorCounts, errorRate, referenceLength } from '#lib/counts.ts';
import type { SubmissionView } from '#lib/db/submission-views.ts';
import type { PartScore } from '#lib/scores.ts';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../../visit.ts';

const parts = ['whole', 'public', 'private'] as const;
const kinds = ['hits', 'substitutions', 'deletions', 'insertions'] as const satisfies readonly (keyof ErrorCounts)[];

/** When the results are revealed nothing of a file is hidden from its team: what it came to on test, whole and by folds. */
export function WholeResult({ visit: { t, formats }, submission }: { visit: Visit; submission: SubmissionView }) {
  const { whole, late } = submission;
  if (whole === null) return null;
  const interval = ({ interval }: PartScore) => (interval === null ? '—' : formats.range(...interval));
  return (
    <Panel title={t('upload.whole-title')}>
      <p className="max-w-prose text-soft">
        {t('upload.whole-lead')} {late && t('upload.whole-practice')}
      </p>
      <p className="mt-3 text-5xl font-semibold tracking-tight">{formats.percent(errorRate(whole.whole.counts))}</p>
      <p className="mt-1 mb-5 text-soft">{t('upload.interval', { interval: interval(whole.whole) })}</p>
      <Table
        caption={t('upload.whole-caption')}
        columns={[
          { label: t('upload.whole-part') },
          { label: 'WER', look: 'number' },
          { label: t('board.interval'), look: 'number' },
          ...kinds.map((kind) => ({ label: t(`upload.whole-${kind}`), look: 'number' })),
          { label: t('upload.whole-words'), look: 'number' },
        ]}
      >
        {parts.map((part) => (
          <tr key={part}>
            <th scope="row">{t(`upload.whole-${part}`)}</th>
            <td className="number">{formats.percent(errorRate(whole[part].counts))}</td>
            <td className="number whitespace-nowrap">{interval(whole[part])}</td>
            {kinds.map((kind) => (
              <td key={kind} className="number">
                {formats.number(whole[part].counts[kind])}
              </td>
            ))}
            <td className="number">{formats.number(referenceLength(whole[part].counts))}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

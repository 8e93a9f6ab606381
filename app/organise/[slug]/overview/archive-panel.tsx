import { buttonClass } from '#ui/button.tsx';
import { Panel } from '#ui/panel.tsx';
import type { StaffDesk } from '../staff.ts';

/** Everything about a competition that is over, in one file; the scoring side makes it while it is downloaded. */
export function ArchivePanel({ desk: { t, slug } }: { desk: StaffDesk }) {
  const archive = `/organise/${slug}/desk/archive`;
  return (
    <Panel title={t('console.archive')}>
      <p className="max-w-prose text-soft">{t('console.archive-text')}</p>
      <p className="mt-4 flex flex-wrap gap-3">
        <a href={archive} download className={buttonClass('primary', 'normal')}>
          {t('console.archive-download')}
        </a>
        <a href={`${archive}?recordings=yes`} download className={buttonClass('secondary', 'normal')}>
          {t('console.archive-recordings')}
        </a>
      </p>
    </Panel>
  );
}

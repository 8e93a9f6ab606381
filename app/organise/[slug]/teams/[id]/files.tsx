import Link from 'next/link';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import { StateChips } from '#ui/state-chips.tsx';
import type { StaffDesk } from '../../staff.ts';

/** Every file of the team, the newest first, each with the way to its page, where it can be voided. */
export async function Files({ desk: { t, formats, competition, slug }, team }: { desk: StaffDesk; team: Team }) {
  const files = await listSubmissionsOf(webDatabase(), team.id);
  return (
    <Panel title={t('upload.submissions')}>
      <p className="mb-3 max-w-prose text-soft">{t(files.length === 0 ? 'people.files-none' : 'people.files-text')}</p>
      <ul className="divide-y divide-rule">
        {files.map((file) => (
          <li key={file.id} className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1 py-3">
            <p className="min-w-0">
              <Link href={`/c/${slug}/submissions/${file.id}`} prefetch={false} className="link break-all font-medium">
                {file.fileName || t('upload.unnamed')}
              </Link>{' '}
              <span className="text-sm text-soft">
                {[formats.shortInstant(file.receivedAt, competition.timeZone), file.split].join(' · ')}
              </span>
            </p>
            <StateChips t={t} submission={file} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

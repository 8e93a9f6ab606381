import Link from 'next/link';
import { isOpen, windows } from '#lib/competition.ts';
import { listSubmissionsOf } from '#lib/db/submission-views.ts';
import type { Team } from '#lib/db/teams.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../visit.ts';

const steps = [
  { name: 'data', page: 'data' },
  { name: 'dev', page: 'submit?split=dev' },
  { name: 'test', page: 'submit' },
] as const;

/** The way of a new team to the board, until it has sent its first file. */
export async function FirstFile({ visit: { t, slug, competition, now }, team }: { visit: Visit; team: Team }) {
  if (now >= competition.submissionsEndAt) return null;
  if ((await listSubmissionsOf(webDatabase(), team.id)).length > 0) return null;
  const splits = (await sumSplits(webDatabase(), competition.id)).map(({ split }) => split);
  const mayTry = splits.includes('dev') && isOpen(windows(competition).dev, now);
  const shown = steps.filter(({ name }) => name !== 'dev' || mayTry);
  return (
    <Panel title={t('team.first-title')}>
      <ol className="list-decimal space-y-2 pl-5">
        {shown.map(({ name, page }) => (
          <li key={name}>
            <Link href={`/c/${slug}/${page}`} prefetch={false} className="link font-medium">
              {t(`team.first-${name}`)}
            </Link>
            <p className="text-sm text-soft">{t(`team.first-${name}-text`)}</p>
          </li>
        ))}
      </ol>
      <p className="mt-4">
        <Link href={`/c/${slug}/quick-start`} prefetch={false} className="link">
          {t('start.link')}
        </Link>
      </p>
    </Panel>
  );
}

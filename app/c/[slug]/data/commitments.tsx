import { isRevealed } from '#lib/competition.ts';
import { listCommitments } from '#lib/db/label-commitments.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../visit.ts';

/** What was promised of labels and folds before anybody was scored, and, after the reveal, the proof. */
export async function Commitments({ visit: { t, formats, competition, slug, now } }: { visit: Visit }) {
  const commitments = await listCommitments(webDatabase(), competition.id);
  if (commitments.length === 0) return null;
  const isOpen = isRevealed(competition, now);
  return (
    <Panel title={t('labels.commitment-title')}>
      <p className="mb-4 max-w-prose">{t('labels.commitment-text')}</p>
      <ul className="space-y-3">
        {commitments.map(({ labelVersion, sha256, committedAt }) => (
          <li key={labelVersion}>
            <p>
              <span className="font-medium">{t('labels.commitment-version', { version: labelVersion })}</span>,{' '}
              {t('labels.commitment-at', { at: formats.longInstant(committedAt, competition.timeZone) })}
            </p>
            <p className="break-all font-mono text-sm">{sha256.toString('hex')}</p>
            {isOpen && (
              <a href={`/c/${slug}/labels/${labelVersion}`} download className="link">
                {t('labels.commitment-download')}
              </a>
            )}
          </li>
        ))}
      </ul>
      {isOpen ? <HowToCheck t={t} /> : <p className="mt-4 text-sm text-soft">{t('labels.commitment-later')}</p>}
    </Panel>
  );
}

function HowToCheck({ t }: Pick<Visit, 't'>) {
  return (
    <details className="mt-4">
      <summary className="cursor-pointer font-medium">{t('labels.commitment-check')}</summary>
      <pre className="code mt-2 overflow-x-auto">
        {'sha256sum FILE\nrostrum admin verify --labels FILE --commitment SHA-256'}
      </pre>
    </details>
  );
}

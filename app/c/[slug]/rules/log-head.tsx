import { frozenSince } from '#lib/competition.ts';
import { findHead } from '#lib/db/log-chain.ts';
import { webDatabase } from '#lib/db/web.ts';
import { Command } from '#ui/command.tsx';
import type { Visit } from '../visit.ts';

/**
 * The head of the log, for everybody to note: what is before it can then not be changed without their seeing it. While the board stands
 * still it does, too: how much happens is nobody's business then.
 */
export async function LogHead({ visit: { t, formats, competition, slug, now } }: { visit: Visit }) {
  const head = await findHead(webDatabase(), competition.id, frozenSince(competition, now));
  if (head === null) return null;
  const at = formats.longInstant(head.at, competition.timeZone);
  return (
    <section>
      <h3 className="text-xl font-semibold tracking-tight">{t('log.rules-title')}</h3>
      <p className="mt-2 max-w-prose">{t('log.rules-text')}</p>
      <p className="mt-3 break-all font-mono text-sm">{head.hash}</p>
      <p className="mb-4 text-sm text-soft">{t('log.chain-head-at', { position: head.position, at })}</p>
      <p className="mb-2 max-w-prose">{t('log.rules-check')}</p>
      <Command t={t} text={`rostrum admin verify --log --competition ${slug} --head ${head.hash}`} />
    </section>
  );
}

import { methodOf } from '#lib/board.ts';
import type { Results } from '#lib/finals.ts';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../visit.ts';

/** What the columns mean, and how anybody comes to the same figures. */
export function AboutResults({ visit: { t, formats, competition }, results }: { visit: Visit; results: Results }) {
  const { ties, labelVersion, rows } = results;
  const at = formats.instant(new Date(results.at), competition.timeZone);
  return (
    <Panel title={t('finals.about-title')} className="mt-8">
      <div className="max-w-prose space-y-3">
        <p>{t('finals.about-gap')}</p>
        <p>
          {ties === null
            ? t('finals.about-no-ties')
            : t('finals.about-ties', { ...ties, seed: String(ties.seed), method: methodOf(ties) })}
        </p>
        {rows.some(({ kind }) => kind === 'baseline') && <p>{t('finals.about-baseline')}</p>}
        <p className="text-sm text-soft">{t('finals.about-version', { version: labelVersion, at })}</p>
      </div>
    </Panel>
  );
}

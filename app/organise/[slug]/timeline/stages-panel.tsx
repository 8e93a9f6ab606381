import { listStages, status } from '#lib/competition.ts';
import { Chip } from '#ui/chip.tsx';
import { Countdown } from '#ui/countdown.tsx';
import { Panel } from '#ui/panel.tsx';
import { statusSentence } from '../../../status-sentence.ts';
import type { Desk } from '../desk.ts';

/** The one sentence that everybody reads above the competition's pages, and when it changes. */
export function StagesPanel({ desk }: { desk: Desk }) {
  const { t, formats, language, competition, now } = desk;
  const stages = listStages(competition);
  const current = stages.findLast(({ from }) => from === null || from <= now);
  const { key, until } = status(competition, now);
  return (
    <Panel title={t('console.stages')}>
      <ol className="divide-y divide-rule">
        {stages.map((stage) => (
          <li key={stage.status.key} className="gap-x-6 py-3 sm:grid sm:grid-cols-[12rem_1fr]">
            <p className="text-soft">
              {stage.from === null
                ? t('console.stage-before')
                : t('console.stage-from', { from: formats.shortInstant(stage.from, competition.timeZone) })}
            </p>
            <div>
              <p>{statusSentence(t, formats, competition, stage.status)}</p>
              {stage === current && (
                <p className="mt-1">
                  <Chip look="accent">{t(key === 'draft' ? 'console.stage-once-published' : 'console.stage-now')}</Chip>{' '}
                  {key !== 'draft' && until !== null && (
                    <Countdown
                      until={until.toISOString()}
                      absolute={formats.instant(until, competition.timeZone)}
                      language={language}
                      now={now.toISOString()}
                    />
                  )}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

import { listBaselineRuns } from '#lib/db/baseline-runs.ts';
import { findBaseline } from '#lib/db/overview.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { listRuntimes } from '#lib/db/workers.ts';
import { Chip } from '#ui/chip.tsx';
import { uploadProps } from '#ui/upload-props.ts';
import { BaselineForm } from './baseline-form.tsx';
import { BaselineLadder } from './baseline-ladder.tsx';
import { BaselineRuns, isUnderWay } from './baseline-runs.tsx';
import type { Desk } from './desk.ts';
import { Refresher } from './refresher.tsx';
import { Section } from './section.tsx';

/** The file to beat, and its like for dev: what is pinned, and the form that pins others. */
export async function BaselineSection({ desk }: { desk: Desk }) {
  const { t, language, competition } = desk;
  // Before the files: whoever sees that a run is done sees the file that it pinned.
  const runs = await listBaselineRuns(webDatabase(), competition.id);
  const baseline = await findBaseline(webDatabase(), competition.id, 'test');
  const openFile = await findBaseline(webDatabase(), competition.id, 'dev');
  const there = (await sumSplits(webDatabase(), competition.id)).map(({ split }) => split);
  const splits = (['test', 'dev'] as const).filter((split) => there.includes(split));
  const workers = await listRuntimes(webDatabase());
  const isScoring = [baseline, openFile].some((file) => file?.state === 'queued' || file?.state === 'scoring');
  const texts = {
    name: t('organise.baseline-name'),
    note: t('organise.baseline-note'),
    code: t('organise.baseline-code'),
    split: t('organise.baseline-split'),
    test: t('organise.baseline-split-test'),
    dev: t('organise.baseline-split-dev'),
    pin: t('organise.baseline-pin'),
    pinning: t('organise.baseline-pinning'),
    pinned: t('organise.baseline-pinned'),
  };
  return (
    <Section id="baseline" title={t('organise.section-baseline')}>
      {baseline === null ? (
        <p className="mb-5 max-w-prose text-soft">{t('organise.baseline-none')}</p>
      ) : (
        <p className="mb-5">
          <b className="font-semibold">{baseline.name}</b>{' '}
          <Chip look={baseline.state === 'scored' ? 'good' : 'plain'}>{t(`upload.state-${baseline.state}`)}</Chip>{' '}
          {t('organise.baseline-now', { file: baseline.fileName })}.{' '}
          <span className="text-soft">{t('organise.baseline-replace')}</span>
        </p>
      )}
      {openFile !== null && (
        <p className="mb-5">
          <Chip look={openFile.state === 'scored' ? 'good' : 'plain'}>{t(`upload.state-${openFile.state}`)}</Chip>{' '}
          {t('organise.baseline-now-dev', { file: openFile.fileName })}
        </p>
      )}
      {splits.length > 0 ? (
        <>
          <BaselineRuns desk={desk} splits={splits} runs={runs} />
          <BaselineLadder desk={desk} workers={workers} runs={runs} />
          {(isUnderWay(runs) || isScoring) && <Refresher seconds={2} />}
          <h3 className="mb-4 font-semibold">{t('organise.baseline-own-file')}</h3>
          <BaselineForm
            {...uploadProps({ competition, language, t })}
            splits={splits}
            texts={texts}
            name={baseline?.name ?? 'Baseline'}
          />
        </>
      ) : (
        <p>{t('organise.baseline-needs-data')}</p>
      )}
    </Section>
  );
}

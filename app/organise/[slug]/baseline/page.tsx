import type { Metadata } from 'next';
import Link from 'next/link';
import { listBaselineRuns } from '#lib/db/baseline-runs.ts';
import { findBaseline } from '#lib/db/overview.ts';
import { sumSplits } from '#lib/db/utterances.ts';
import { webDatabase } from '#lib/db/web.ts';
import { listRuntimes } from '#lib/db/workers.ts';
import { Chip } from '#ui/chip.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { uploadProps } from '#ui/upload-props.ts';
import { pageLanguage } from '../../../language.ts';
import { desk } from '../desk.ts';
import { Refresher } from '../refresher.tsx';
import { BaselineForm } from './file-form.tsx';
import { BaselineLadder } from './ladder.tsx';
import { BaselineRuns, isUnderWay } from './runs.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('console.baseline') };
}

/** The file to beat, and its like for dev: what is pinned, and the form that pins others. */
export default async function BaselinePage({ params }: Props) {
  const d = await desk((await params).slug);
  const { t, language, competition, slug } = d;
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
    <>
      <PageTitle>{t('console.baseline')}</PageTitle>
      <div className="space-y-6">
        <Panel title={t('console.baseline-pinned')}>
          {baseline === null ? (
            <p className="max-w-prose text-soft">{t('organise.baseline-none')}</p>
          ) : (
            <p>
              <b className="font-semibold">{baseline.name}</b>{' '}
              <Chip look={baseline.state === 'scored' ? 'good' : 'plain'}>{t(`upload.state-${baseline.state}`)}</Chip>{' '}
              {t('organise.baseline-now', { file: baseline.fileName })}.{' '}
              <span className="text-soft">{t('organise.baseline-replace')}</span>
            </p>
          )}
          {openFile !== null && (
            <p className="mt-4">
              <Chip look={openFile.state === 'scored' ? 'good' : 'plain'}>{t(`upload.state-${openFile.state}`)}</Chip>{' '}
              {t('organise.baseline-now-dev', { file: openFile.fileName })}
            </p>
          )}
          {splits.length === 0 && (
            <p className="mt-4">
              {t('organise.baseline-needs-data')}{' '}
              <Link href={`/organise/${slug}/data`} prefetch={false} className="link">
                {t('organise.baseline-to-data')}
              </Link>
            </p>
          )}
        </Panel>
        {splits.length > 0 && (
          <>
            <BaselineRuns desk={d} splits={splits} runs={runs} />
            <BaselineLadder desk={d} workers={workers} runs={runs} />
            {(isUnderWay(runs) || isScoring) && <Refresher seconds={2} />}
            <Panel title={t('organise.baseline-own-file')}>
              <BaselineForm
                {...uploadProps({ competition, language, t })}
                splits={splits}
                texts={texts}
                name={baseline?.name ?? t('organise.baseline-default-name')}
              />
            </Panel>
          </>
        )}
      </div>
    </>
  );
}

import type { Metadata } from 'next';
import { shippedModel } from '#lib/baseline-models.ts';
import { type BoardRow, readSnapshot } from '#lib/board.ts';
import { frozenSince } from '#lib/competition.ts';
import { type BaselineRunView, findRunOf } from '#lib/db/baseline-runs.ts';
import { getBoard } from '#lib/db/boards.ts';
import { findBaseline, type PinnedBaseline } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { readModelPapers } from '#lib/model-papers.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { type Fact, Facts } from '#ui/facts.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../language.ts';
import { type Visit, visit } from '../visit.ts';
import { Model } from './model.tsx';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('baseline.page-title') };
}

/** What there is to beat: the entry and, where a model of Rostrum's made it, everything about the model. */
export default async function BaselinePage({ params }: Props) {
  const v = await visit((await params).slug);
  const { t, competition } = v;
  const db = webDatabase();
  // One that is pinned while the board stands still is shown with the number that it has then, so after the reveal.
  const pinned = await findBaseline(db, competition.id, 'test', frozenSince(competition, v.now));
  const run = pinned && (await findRunOf(db, pinned.id));
  const papers = run && (await readModelPapers(webEnv().home, run.model));
  const board = readSnapshot((await getBoard(db, competition)).body);
  return (
    <>
      <PageTitle level={2}>{t('baseline.page-title')}</PageTitle>
      {pinned === null ? (
        <EmptyState title={t('baseline.page-none')}>{t('baseline.page-none-text')}</EmptyState>
      ) : (
        <div className="space-y-5">
          <Entry
            visit={v}
            pinned={pinned}
            run={run}
            title={papers?.title ?? null}
            row={board.rows.find(({ isBaseline }) => isBaseline) ?? null}
          />
          {papers && <Model visit={v} papers={papers} />}
        </div>
      )}
    </>
  );
}

type EntryProps = {
  visit: Visit;
  pinned: PinnedBaseline;
  run: BaselineRunView | null;
  /** Of the run's model. */
  title: string | null;
  row: BoardRow | null;
};

function Entry({ visit: { t, formats, slug }, pinned, run, title, row }: EntryProps) {
  const wer = row?.wer ?? null;
  const interval = row?.interval ?? null;
  const facts: Fact[] = [
    {
      term: t('baseline.page-wer'),
      value: wer === null ? t('baseline.page-unscored') : formats.percent(wer),
      note: interval && t('baseline.page-interval', { range: formats.range(...interval) }),
    },
    { term: t('baseline.page-file'), value: <span className="break-all">{pinned.fileName}</span> },
    ...(run === null ? [] : runFacts(run, title ?? run.model, { t, formats })),
  ];
  return (
    <Panel title={row?.team ?? pinned.name}>
      <Facts facts={facts} />
      {pinned.note !== '' && <p className="mt-4 max-w-prose">{pinned.note}</p>}
      {pinned.codeLink !== null && (
        <p className="mt-2">
          <a href={pinned.codeLink} rel="noopener noreferrer nofollow" className="link break-all">
            {t('baseline.page-code')}
          </a>
        </p>
      )}
      <p className="mt-5 max-w-prose text-soft">{t('baseline.page-how')}</p>
      <Ways slug={slug} t={t} />
    </Panel>
  );
}

/** Where to go from here. */
function Ways({ slug, t }: Pick<Visit, 'slug' | 't'>) {
  return (
    <ul className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
      {(['board', 'data', 'rules'] as const).map((page) => (
        <li key={page}>
          <a href={`/c/${slug}/${page}`} className="link">
            {t(`baseline.page-to-${page}`)}
          </a>
        </li>
      ))}
      <li>
        <a href={`/live/${slug}/microphone`} className="link">
          {t('microphone.heading')}
        </a>
      </li>
    </ul>
  );
}

function runFacts(run: BaselineRunView, title: string, { t, formats }: Pick<Visit, 't' | 'formats'>): Fact[] {
  const { model, decoding, backend, device, total, seconds } = run;
  const speed = total === null || seconds === null ? null : formats.number(Math.round(total / Math.max(0.1, seconds)));
  return [
    {
      term: t('baseline.page-model'),
      value: model === shippedModel ? t('organise.baseline-model-shipped', { title }) : model,
      note: t(`baseline.page-decoded-${decoding}`),
    },
    ...(backend === null || device === null
      ? []
      : [{ term: t('baseline.page-computed'), value: backend, note: speedNote(device, speed, t) }]),
  ];
}

function speedNote(device: string, speed: string | null, t: Visit['t']): string {
  return speed === null ? device : t('baseline.page-speed', { device, speed });
}

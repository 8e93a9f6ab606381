import Link from 'next/link';
import { referenceLength } from '#lib/counts.ts';
import { countsAt } from '#scoring/columns.ts';
import { alignTexts } from '#scoring/lab/align.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { Panel } from '#ui/panel.tsx';
import { Spectrogram } from '#ui/spectrogram.tsx';
import { Waveform } from '#ui/waveform.tsx';
import { Alignment } from './alignment.tsx';
import { chosenOf } from './list.tsx';
import { labHref } from './query.ts';
import { type Lab, nameOf } from './view.ts';
import { pictureOf } from './work.ts';

/** An alignment is made for the page up to so many characters of one side times those of the other. */
const mostCells = 50_000_000;

/** One utterance: to be heard, seen and read word by word. */
export async function UtterancePanel({ lab, shown }: { lab: Lab; shown: readonly number[] }) {
  const { visit: v, split, other, analysis } = lab;
  const { t, formats, slug, competition } = v;
  const i = chosenOf(lab, shown);
  if (i === null) return <EmptyState title={t('lab.list-none')} />;
  const utterance = split.utterances[i]!;
  const { id, seconds } = utterance;
  const path = id.split('/').map(encodeURIComponent).join('/');
  const picture = await pictureOf(utterance);
  const counts = countsAt(analysis.words, i);
  return (
    <div id="utterance" className="min-w-0 scroll-mt-6">
      <Panel title={<span className="break-all">{id}</span>} aside={seconds !== null && formats.seconds(seconds)}>
        {picture && <Waveform peaks={picture.peaks} label={t('lab.waveform', { id })} className="h-24" />}
        {picture && (
          <Spectrogram png={picture.spectrogram} label={t('lab.spectrogram', { id })} className="mt-2 h-24" />
        )}
        {/* biome-ignore lint/a11y/useMediaCaption: its words stand below it */}
        <audio
          key={id}
          controls
          preload="none"
          src={`/api/v1/competitions/${slug}/data/files/dev/${path}`}
          aria-label={t('lab.listen', { id })}
          className="mt-3 h-10 w-full"
        />
        <Words lab={lab} i={i} hypothesis={analysis.hypotheses[i]!} label={t('lab.alignment')} />
        <p className="text-sm text-soft">
          {t('lab.step-counts', { words: referenceLength(counts), ...counts })} {t('lab.legend')}{' '}
          {t('lab.profile', { profile: competition.profile })} {t(`competition.profile-${split.rules.profile}`)}{' '}
          <Link href={`/c/${slug}/normalise`} prefetch={false} className="link">
            {t('scoring.normalise-link')}
          </Link>
        </p>
        {other && (
          <div className="mt-5 border-t border-rule pt-4">
            <h3 className="font-semibold">{t('lab.alignment-of', { file: nameOf(lab, other.file) })}</h3>
            <Words
              lab={lab}
              i={i}
              hypothesis={other.analysis.hypotheses[i]!}
              label={t('lab.alignment-of', { file: nameOf(lab, other.file) })}
            />
          </div>
        )}
        <Texts lab={lab} i={i} />
        <Neighbours lab={lab} shown={shown} i={i} slug={slug} />
      </Panel>
    </div>
  );
}

type WordsProps = { lab: Lab; i: number; hypothesis: string; label: string };

function Words({ lab: { visit, split }, i, hypothesis, label }: WordsProps) {
  const { references } = split.utterances[i]!;
  const longest = Math.max(...references.map((text) => text.length));
  if (longest * hypothesis.length > mostCells) return <p className="my-4">{visit.t('lab.alignment-long')}</p>;
  const aligned = alignTexts({ references }, hypothesis, split.normaliser);
  return <Alignment t={visit.t} aligned={aligned} label={label} />;
}

/** What was given and what was sent, before any rule. */
function Texts({ lab, i }: { lab: Lab; i: number }) {
  const { visit: v, split, analysis } = lab;
  const { t } = v;
  const [reference, ...alternatives] = split.utterances[i]!.references;
  const lines: [string, string][] = [
    [t('lab.reference'), reference],
    ...alternatives.map((text): [string, string] => [t('lab.alternative'), text]),
    [t('lab.hypothesis'), analysis.hypotheses[i]!],
  ];
  return (
    <details className="mt-4 text-sm">
      <summary className="w-fit font-medium">{t('lab.texts')}</summary>
      <dl className="mt-2 space-y-2">
        {lines.map(([term, text], line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the wordings of one utterance never move
          <div key={line}>
            <dt className="text-soft">{term}</dt>
            <dd className="max-h-48 overflow-y-auto break-words">{text || t('lab.empty-text-mark')}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

type NeighbourProps = { lab: Lab; shown: readonly number[]; i: number; slug: string };

function Neighbours({ lab, shown, i, slug }: NeighbourProps) {
  const { visit: v, query, split } = lab;
  const at = shown.indexOf(i);
  if (at < 0) return null;
  const link = (position: number | undefined, text: string) =>
    position === undefined ? (
      <span />
    ) : (
      <Link
        href={`${labHref(slug, query, { utterance: split.utterances[position]!.id })}#utterance`}
        prefetch={false}
        className="link"
      >
        {text}
      </Link>
    );
  return (
    <div className="mt-5 flex justify-between gap-6 border-t border-rule pt-4">
      {link(shown[at - 1], `← ${v.t('lab.previous')}`)}
      {link(shown[at + 1], `${v.t('lab.next')} →`)}
    </div>
  );
}

import Link from 'next/link';
import { type ErrorCounts, errorRate, errorsOf, referenceLength } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { DevScore } from '#lib/scores.ts';
import { LinkButton } from '#ui/button.tsx';
import type { Formats } from '#ui/format.ts';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';

/** `lab` is where the file's errors can be looked into; null for who is not of its team. */
type Props = { t: Translate; formats: Formats; score: DevScore; lab: string | null };

const worstShown = 20;

/** On open data everything may be seen: what the errors are made of, and where most of them are. */
export function DevResult({ t, formats, score, lab }: Props) {
  return (
    <>
      <Panel>
        <p className="text-soft">{t('upload.score-dev')}</p>
        <p className="text-5xl font-semibold tracking-tight">{formats.percent(errorRate(score.words))}</p>
        {score.interval && (
          <p className="mt-1 text-soft">{t('upload.interval', { interval: formats.range(...score.interval) })}</p>
        )}
        {lab && (
          <p className="mt-4">
            <LinkButton href={lab}>{t('lab.open')}</LinkButton>
          </p>
        )}
      </Panel>
      <Panel>
        <Counts t={t} formats={formats} score={score} />
      </Panel>
      <Worst t={t} formats={formats} score={score} lab={lab} />
    </>
  );
}

const kinds: readonly {
  key: 'substitutions' | 'deletions' | 'insertions' | 'hits' | 'reference';
  of: (c: ErrorCounts) => number;
}[] = [
  { key: 'substitutions', of: (counts) => counts.substitutions },
  { key: 'deletions', of: (counts) => counts.deletions },
  { key: 'insertions', of: (counts) => counts.insertions },
  { key: 'hits', of: (counts) => counts.hits },
  { key: 'reference', of: referenceLength },
];

/** A kind to a row, so that all of it stands side by side on a phone. */
function Counts({ t, formats, score: { words, characters } }: Omit<Props, 'lab'>) {
  const cells = (show: (counts: ErrorCounts) => string) =>
    [words, characters].map((counts, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: words, then characters
      <td key={i} className="number">
        {show(counts)}
      </td>
    ));
  return (
    <Table
      caption={t('upload.dev-counts')}
      columns={[
        { label: null },
        { label: t('upload.dev-words'), look: 'number' },
        { label: t('upload.dev-characters'), look: 'number' },
      ]}
    >
      {kinds.map(({ key, of }) => (
        <tr key={key}>
          <th scope="row">{t(`upload.dev-${key}`)}</th>
          {cells((counts) => formats.number(of(counts)))}
        </tr>
      ))}
      <tr className="font-semibold">
        <th scope="row">{t('upload.dev-rate')}</th>
        {cells((counts) => formats.percent(errorRate(counts)))}
      </tr>
    </Table>
  );
}

function Worst({ t, formats, score, lab }: Props) {
  const worst = score.utterances
    .filter(({ words }) => errorsOf(words) > 0)
    .toSorted((a, b) => errorsOf(b.words) - errorsOf(a.words))
    .slice(0, worstShown);
  if (worst.length === 0) return null;
  return (
    <Panel title={t('upload.dev-worst')}>
      <Table
        caption={t('upload.dev-worst-caption')}
        columns={[
          { label: t('upload.dev-utterance') },
          { label: t('upload.dev-errors'), look: 'number' },
          { label: t('upload.dev-reference'), look: 'number hidden sm:table-cell' },
          { label: t('upload.dev-rate'), look: 'number' },
        ]}
      >
        {worst.map(({ id, words }) => (
          <tr key={id}>
            <th scope="row" className="w-full wrap-anywhere">
              {lab === null ? (
                id
              ) : (
                <Link href={`${lab}&utterance=${encodeURIComponent(id)}#utterance`} prefetch={false} className="link">
                  {id}
                </Link>
              )}
            </th>
            <td className="number">{formats.number(errorsOf(words))}</td>
            <td className="number hidden sm:table-cell">{formats.number(referenceLength(words))}</td>
            <td className="number">{formats.percent(errorRate(words))}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

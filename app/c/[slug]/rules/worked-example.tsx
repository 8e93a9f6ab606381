import { add, errorRate, errorsOf, noCounts, referenceLength } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import type { Formats } from '#ui/format.ts';
import { WordPairs } from '#ui/word-pairs.tsx';

/** Two recordings scored before the reader's eyes by the scorer itself, so that the example cannot disagree with it. */
export function WorkedExample({ t, formats }: { t: Translate; formats: Formats }) {
  const pairs = [
    [t('competition.example-reference-1'), t('competition.example-hypothesis-1')],
    [t('competition.example-reference-2'), t('competition.example-hypothesis-2')],
  ].map(([reference, hypothesis]) => ({ reference: normalise(reference!), hypothesis: normalise(hypothesis!) }));
  const total = pairs.map((pair) => countErrors(pair.reference, pair.hypothesis)).reduce(add, noCounts);
  const { substitutions, deletions, insertions } = total;
  const wer = formats.percent(errorRate(total) ?? 0);
  const sum = { substitutions, deletions, insertions, words: referenceLength(total), wer };
  return (
    <section>
      <h3 className="text-xl font-semibold tracking-tight">{t('competition.example')}</h3>
      <p className="mt-2 max-w-[68ch] text-soft">{t('competition.example-text')}</p>
      {pairs.map((pair, i) => (
        <Alignment key={pair.reference.join(' ')} {...pair} number={i + 1} t={t} />
      ))}
      <p className="mt-5 max-w-[68ch] font-medium">{t('competition.example-sum', sum)}</p>
    </section>
  );
}

type AlignmentProps = { reference: Words; hypothesis: Words; number: number; t: Translate };

function Alignment({ reference, hypothesis, number, t }: AlignmentProps) {
  const counts = countErrors(reference, hypothesis);
  const caption = { number, errors: errorsOf(counts), words: referenceLength(counts) };
  return (
    <figure className="mt-5">
      <figcaption className="pb-1 text-sm text-soft">{t('competition.example-recording', caption)}</figcaption>
      <div className="text-lg">
        <WordPairs reference={reference} hypothesis={hypothesis} />
      </div>
    </figure>
  );
}

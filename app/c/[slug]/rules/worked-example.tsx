import { add, errorRate, errorsOf, noCounts, referenceLength } from '#lib/counts.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type AlignmentStep, align, countErrors } from '#scoring/wer/align.ts';
import { normalise, type Words } from '#scoring/wer/normalise.ts';
import { classNames } from '#ui/class-names.ts';
import type { Formats } from '#ui/format.ts';

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
      <ol className="flex flex-wrap gap-x-4 gap-y-3 text-lg">
        {align(reference, hypothesis).map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an alignment never changes its order
          <li key={i} className="grid text-center leading-snug">
            <span className={classNames('font-mono text-xs font-medium', colours[step.kind])}>{signs[step.kind]}</span>
            <span>{referenceWord(step, reference)}</span>
            <span className={step.kind === 'hit' ? 'text-soft' : undefined}>{hypothesisWord(step, hypothesis)}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

const signs = { hit: '=', substitution: 'S', deletion: 'D', insertion: 'I' } as const;
const colours = { hit: 'text-soft', substitution: 'text-bad', deletion: 'text-warn', insertion: 'text-bad' } as const;

function referenceWord(step: AlignmentStep, words: Words): string {
  return step.kind === 'insertion' ? '—' : words[step.reference]!;
}

function hypothesisWord(step: AlignmentStep, words: Words): string {
  return step.kind === 'deletion' ? '—' : words[step.hypothesis]!;
}

import { type AlignmentStep, align } from '#scoring/wer/align.ts';
import type { Words } from '#scoring/wer/normalise.ts';
import { classNames } from './class-names.ts';

/** Words in pairs, the reference's over the hypothesis's, as the scorer itself aligns them; a sign and a colour say what each came to. */
export function WordPairs({ reference, hypothesis }: { reference: Words; hypothesis: Words }) {
  return (
    <ol className="flex flex-wrap gap-x-4 gap-y-3">
      {align(reference, hypothesis).map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an alignment never changes its order
        <li key={i} className="grid text-center leading-snug">
          <span className={classNames('font-mono text-xs font-medium', colours[step.kind])}>{signs[step.kind]}</span>
          <span>{referenceWord(step, reference)}</span>
          <span className={step.kind === 'hit' ? 'text-soft' : undefined}>{hypothesisWord(step, hypothesis)}</span>
        </li>
      ))}
    </ol>
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

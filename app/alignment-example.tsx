import { classNames } from '#ui/class-names.ts';
import type { PageLanguage } from './language.ts';

type Step = 'hit' | 'substitution' | 'deletion' | 'insertion';

/** Stands where one of the two has no word. */
const nothing = '·';

/** What a word error rate is, for people who would rather look than read: a reference, an answer, and three kinds of mistakes. */
export function AlignmentExample({ t }: { t: PageLanguage['t'] }) {
  const hypothesis = t('common.example-hypothesis').split(' ');
  const words = t('common.example-reference')
    .split(' ')
    .map((word, i) => ({ reference: word, hypothesis: hypothesis[i]! }));
  return (
    <figure className="max-w-md lg:w-[25rem]">
      <div
        role="img"
        aria-label={t('common.example-label')}
        className="flex flex-wrap gap-x-0.5 gap-y-4 rounded-2xl border border-rule bg-raised px-3 pb-5 pt-4 leading-snug sm:px-4"
      >
        {words.map((word, i) => {
          const step = stepOf(word.reference, word.hypothesis);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of one sentence never move
            <span key={i} className={classNames('grid px-1 text-center sm:px-2', looks[step])}>
              <span className="h-4 text-[0.6875rem] leading-4">
                {step === 'hit' ? '' : t(`common.example-${step}`)}
              </span>
              <span className={step === 'deletion' ? 'text-current' : 'text-ink'}>{word.reference}</span>
              <span>{word.hypothesis}</span>
            </span>
          );
        })}
      </div>
      <figcaption className="mt-3 text-sm text-soft">{t('common.example-caption')}</figcaption>
    </figure>
  );
}

const looks: Record<Step, string> = {
  hit: 'text-soft',
  substitution: 'text-bad',
  deletion: 'text-warn',
  insertion: 'text-accent',
};

function stepOf(reference: string, hypothesis: string): Step {
  if (reference === hypothesis) return 'hit';
  if (reference === nothing) return 'insertion';
  return hypothesis === nothing ? 'deletion' : 'substitution';
}

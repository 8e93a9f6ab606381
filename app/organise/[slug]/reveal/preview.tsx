import { useEffect, useState } from 'react';
import type { RevealState, RevealStep } from '#lib/reveal.ts';
import type { NextStep } from '#lib/reveal-desk.ts';
import type { RevealWords } from '#lib/reveal-words.ts';
import { Button } from '#ui/button.tsx';
import type { Refusal } from '#ui/post.ts';
import type { RevealTexts } from '#ui/reveal-remote.tsx';
import { sentenceOf } from '../../../../public/reveal.js';
import { askReveal } from './ask.ts';
import { Refused } from './refused.tsx';

type Props = { slug: string; t: RevealTexts; state: RevealState | null; words: RevealWords };

/** What the next new step will show, from the scoring side, while somebody wants to see it: a phone lies open on a table. */
export function Preview({ slug, t, state, words }: Props) {
  const [isWanted, setWanted] = useState(false);
  const [next, setNext] = useState<NextStep | Refusal | null>(null);
  const opened = state?.steps.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `opened` is a reason to ask again
  useEffect(() => {
    if (!isWanted) return;
    let isOver = false;
    setNext(null);
    void askReveal(slug, 'preview').then(async (answer) => {
      const known: NextStep | Refusal = answer.ok ? await answer.response.json() : answer;
      if (!isOver) setNext(known);
    });
    return () => {
      isOver = true;
    };
  }, [slug, isWanted, opened]);
  return (
    <div className="mt-5 border-t border-rule pt-4">
      <Button look="quiet" aria-expanded={isWanted} onClick={() => setWanted(!isWanted)}>
        {t(isWanted ? 'preview-hide' : 'preview')}
      </Button>
      {isWanted && (
        <div role="status" className="mt-2">
          <p className="text-sm text-soft">{t('preview-title')}</p>
          {next !== null && 'sentence' in next ? (
            <Refused refusal={next} t={t} />
          ) : (
            <p className="text-lg font-semibold">{next === null ? t('working') : textOf(next.step, t, words)}</p>
          )}
          <p className="mt-1 text-sm text-soft">{t('preview-note')}</p>
        </div>
      )}
    </div>
  );
}

function textOf(step: RevealStep | null, t: RevealTexts, words: RevealWords): string {
  return step === null ? t('preview-none') : sentenceOf({ steps: [step], position: 0 }, words);
}

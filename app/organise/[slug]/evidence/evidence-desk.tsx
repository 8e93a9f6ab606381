'use client';

import { useMemo } from 'react';
import type { EvidenceState, ListedPair } from '#lib/evidence.ts';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { formatsFor } from '#ui/format.ts';
import type { ProblemsTexts } from '#ui/problems.tsx';
import { DeskRefusal } from '../labels/desk-refusal.tsx';
import { useDeskWork } from '../labels/use-desk.ts';
import type { EvidencePlace } from './evidence-place.ts';
import { Meaning } from './meaning.tsx';
import { Pair } from './pair.tsx';
import { RunPanel } from './run-panel.tsx';

type Props = {
  slug: string;
  language: Language;
  timeZone: string;
  messages: { labels: AreaMessages<'labels'>; audit: AreaMessages<'audit'>; evidence: AreaMessages<'evidence'> };
  problems: ProblemsTexts;
};

/** Pairs of teams whose files have more in common than others', for somebody who looks into it. */
export function EvidenceDesk({ slug, language, timeZone, messages, problems }: Props) {
  const { state, refusal, onChange } = useDeskWork<EvidenceState>(slug, '/evidence', 1500);
  const place = useMemo((): EvidencePlace => {
    const formats = formatsFor(language);
    const print = (instant: string) => formats.shortInstant(new Date(instant), timeZone);
    const [t, say] = [translatorOf(messages.labels, language), translatorOf(messages.audit, language)];
    return { slug, t, say, tell: translatorOf(messages.evidence, language), formats, print, problems, onChange };
  }, [slug, language, timeZone, messages, problems, onChange]);
  return (
    <div className="space-y-8">
      {refusal !== null && <DeskRefusal refusal={refusal} place={place} onAgain={onChange} />}
      {state === null ? (
        refusal === null && <p role="status">{place.tell('loading')}</p>
      ) : (
        <Whole place={place} state={state} />
      )}
    </div>
  );
}

function Whole({ place, state }: { place: EvidencePlace; state: EvidenceState }) {
  const { tell } = place;
  const { pairs, last } = state;
  const standing = pairs.filter(({ figures }) => figures.standsOut);
  const others = pairs.filter(({ figures }) => !figures.standsOut);
  const hasRun = last?.state === 'done' || pairs.length > 0;
  return (
    <>
      <RunPanel place={place} state={state} />
      <Meaning tell={tell} />
      {hasRun && (
        <section aria-labelledby="standing">
          <h2 id="standing" className="mb-4 text-xl font-semibold tracking-tight">
            {tell('standing')}
          </h2>
          {standing.length === 0 ? <p>{tell('none-standing')}</p> : <Pairs place={place} pairs={standing} />}
        </section>
      )}
      {others.length > 0 && (
        <details>
          <summary className="mb-4 cursor-pointer font-semibold">{tell('others', { count: others.length })}</summary>
          <Pairs place={place} pairs={others} />
        </details>
      )}
    </>
  );
}

function Pairs({ place, pairs }: { place: EvidencePlace; pairs: readonly ListedPair[] }) {
  return (
    <ol className="space-y-5">
      {pairs.map((pair) => (
        <li key={pair.sides.map(({ submissionId }) => submissionId).join(' ')}>
          <Pair place={place} pair={pair} />
        </li>
      ))}
    </ol>
  );
}

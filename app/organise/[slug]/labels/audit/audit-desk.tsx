'use client';

import { useMemo, useState } from 'react';
import type { AuditFilter, AuditState } from '#lib/label-audit.ts';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { Button } from '#ui/button.tsx';
import { formatsFor } from '#ui/format.ts';
import type { ProblemsTexts } from '#ui/problems.tsx';
import { DeskRefusal } from '../desk-refusal.tsx';
import { useDeskWork } from '../use-desk.ts';
import type { AuditPlace } from './audit-place.ts';
import { FilePanel } from './file-panel.tsx';
import { QuestionList } from './question-list.tsx';
import { RunPanel } from './run-panel.tsx';

type Props = {
  slug: string;
  language: Language;
  timeZone: string;
  messages: { labels: AreaMessages<'labels'>; audit: AreaMessages<'audit'> };
  problems: ProblemsTexts;
};

/** What systems and teams think of the labels, and what somebody who listens makes of it. */
export function AuditDesk({ slug, language, timeZone, messages, problems }: Props) {
  const { state, refusal, turn, onChange } = useDeskWork<AuditState>(slug, '/audit', 700);
  const place = useMemo((): AuditPlace => {
    const formats = formatsFor(language);
    const print = (instant: string) => formats.shortInstant(new Date(instant), timeZone);
    const [t, say] = [translatorOf(messages.labels, language), translatorOf(messages.audit, language)];
    return { slug, t, say, formats, print, problems, onChange };
  }, [slug, language, timeZone, messages, problems, onChange]);
  return (
    <div className="space-y-8">
      {refusal !== null && <DeskRefusal refusal={refusal} place={place} onAgain={onChange} />}
      {state === null ? (
        refusal === null && <p role="status">{place.t('loading')}</p>
      ) : (
        <Whole place={place} state={state} turn={turn} />
      )}
    </div>
  );
}

const filters = ['open', 'changed', 'dismissed'] as const;

function Whole({ place, state, turn }: { place: AuditPlace; state: AuditState; turn: number }) {
  const { say } = place;
  const [only, setOnly] = useState<AuditFilter>('open');
  // What a new audit found is another list.
  const audit = state.last?.state === 'done' ? state.last.finishedAt : '';
  return (
    <>
      <RunPanel place={place} state={state} />
      <section aria-label={say('list')} className="space-y-5">
        <div className="flex flex-wrap gap-3">
          {filters.map((filter) => (
            <Button
              key={filter}
              look={filter === only ? 'primary' : 'secondary'}
              size="small"
              aria-pressed={filter === only}
              onClick={() => setOnly(filter)}
            >
              {say(`only-${filter}`, { count: state.counts[filter] })}
            </Button>
          ))}
        </div>
        <QuestionList key={`${only} ${audit}`} place={place} state={state} only={only} turn={turn} />
      </section>
      <FilePanel place={place} state={state} />
    </>
  );
}

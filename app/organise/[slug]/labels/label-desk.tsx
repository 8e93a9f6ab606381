'use client';

import { useCallback, useMemo, useState } from 'react';
import type { LabelState } from '#lib/label-desk.ts';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { EmptyState } from '#ui/empty-state.tsx';
import { formatsFor } from '#ui/format.ts';
import type { ProblemsTexts } from '#ui/problems.tsx';
import { DeskRefusal } from './desk-refusal.tsx';
import { DraftPanel } from './draft-panel.tsx';
import { LabelList } from './label-list.tsx';
import type { Place } from './texts.ts';
import { UploadForm } from './upload-form.tsx';
import { useDesk } from './use-desk.ts';
import { VersionTable } from './version-table.tsx';

type Props = {
  slug: string;
  language: Language;
  timeZone: string;
  messages: AreaMessages<'labels'>;
  problems: ProblemsTexts;
};

/** Hidden references with what is being corrected of them. */
export function LabelDesk({ slug, language, timeZone, messages, problems }: Props) {
  const [turn, setTurn] = useState(0);
  const [isWatching, setWatching] = useState(false);
  const onChange = useCallback(() => setTurn((before) => before + 1), []);
  const place = useMemo((): Place => {
    const formats = formatsFor(language);
    const print = (instant: string) => formats.shortInstant(new Date(instant), timeZone);
    return { slug, t: translatorOf(messages, language), formats, print, problems, onChange };
  }, [slug, language, timeZone, messages, problems, onChange]);
  const { value: state, refusal } = useDesk<LabelState>(slug, '/state', turn, isWatching ? 700 : null);
  const isUnderWay = ['queued', 'running'].includes(state?.draft?.rescore?.state ?? '');
  if (isUnderWay !== isWatching) setWatching(isUnderWay);
  return (
    <div className="space-y-8">
      {refusal !== null && <DeskRefusal refusal={refusal} place={place} onAgain={onChange} />}
      {state === null ? (
        refusal === null && <p role="status">{place.t('loading')}</p>
      ) : (
        <Whole {...{ place, state, turn }} />
      )}
    </div>
  );
}

function Whole({ place, state, turn }: { place: Place; state: LabelState; turn: number }) {
  if (state.labelVersion === 0) return <EmptyState title={place.t('none')} />;
  return (
    <>
      <DraftPanel place={place} state={state} />
      <LabelList place={place} turn={turn} />
      <UploadForm place={place} />
      <VersionTable place={place} versions={state.versions} inForce={state.labelVersion} />
    </>
  );
}

import { type FormEvent, useState } from 'react';
import type { Edited } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { ask } from './ask.ts';
import { Outcome } from './outcome.tsx';
import type { Place } from './texts.ts';
import { useAct } from './use-desk.ts';

/** A whole file of references, corrected elsewhere. */
export function UploadForm({ place }: { place: Place }) {
  const { t, slug } = place;
  const act = useAct(t, place.onChange);
  const [file, setFile] = useState<File | null>(null);
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file === null) return;
    const headers = { 'Content-Type': 'application/octet-stream' };
    const path = `/upload?${new URLSearchParams({ reason })}`;
    void act.run(
      () => ask<Edited>(slug, path, { method: 'POST', headers, body: file }),
      (say, { changed }) => say('saved', { changed }),
    );
  };
  return (
    <Panel title={t('upload-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('upload-text')}</p>
      <form onSubmit={submit} className="space-y-4">
        <Field
          label={t('upload-file')}
          type="file"
          required
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
        <Field
          label={t('reason')}
          hint={t('reason-hint')}
          value={reason}
          maxLength={500}
          required
          onChange={(event) => setReason(event.target.value)}
        />
        <Button type="submit" look="secondary" disabled={act.isBusy} aria-busy={act.isBusy}>
          {t(act.isBusy ? 'uploading' : 'upload')}
        </Button>
      </form>
      <Outcome act={act} place={place} />
    </Panel>
  );
}

import { type FormEvent, useState } from 'react';
import type { AuditState } from '#lib/label-audit.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { type Answer, ask, postJson } from '../ask.ts';
import { Outcome } from '../outcome.tsx';
import { useAct } from '../use-desk.ts';
import type { AuditPlace } from './audit-place.ts';

/** Predictions of other recognisers, heard by audits alone. */
export function FilePanel({ place, state: { outputs } }: { place: AuditPlace; state: AuditState }) {
  const { slug, say, t, print } = place;
  const act = useAct(t, place.onChange);
  const [files, setFiles] = useState<readonly File[]>([]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    void act
      .run(
        () => sendAll(slug, files),
        () => say('files-added', { count: files.length }),
      )
      .then((isDone) => isDone && form.reset());
  };
  const remove = (id: string) =>
    act.run(
      () => postJson(slug, '/audit/file/remove', { id }),
      () => say('file-removed'),
    );
  return (
    <Panel title={say('files')}>
      <p className="mb-4 max-w-prose text-soft">{say('files-text')}</p>
      {outputs.length > 0 && (
        <ul className="mb-5 divide-y divide-rule border-y border-rule">
          {outputs.map(({ id, name, addedAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
              <span className="min-w-0 break-all">
                <bdi>{name}</bdi> <span className="text-sm text-soft">{print(addedAt)}</span>
              </span>
              <Button
                look="quiet"
                size="small"
                disabled={act.isBusy}
                aria-label={say('file-remove-label', { name })}
                onClick={() => void remove(id)}
              >
                {say('file-remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="space-y-4">
        <Field
          label={say('file')}
          type="file"
          multiple
          required
          onChange={(event) => setFiles([...(event.target.files ?? [])])}
        />
        <Button type="submit" look="secondary" disabled={act.isBusy} aria-busy={act.isBusy}>
          {act.isBusy ? t('uploading') : say('file-add')}
        </Button>
      </form>
      <Outcome act={act} place={place} />
    </Panel>
  );
}

/** One after another, until one is refused: the sentence names it. */
async function sendAll(slug: string, files: readonly File[]): Promise<Answer<null>> {
  for (const file of files) {
    const headers = { 'Content-Type': 'application/octet-stream' };
    const path = `/audit/file?${new URLSearchParams({ name: file.name })}`;
    const answer = await ask<null>(slug, path, { method: 'POST', headers, body: file });
    if (!answer.ok) return { ...answer, sentence: `${file.name}: ${answer.sentence}` };
  }
  return { ok: true, value: null };
}

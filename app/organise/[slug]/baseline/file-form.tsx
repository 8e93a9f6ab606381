'use client';

import { type FormEvent, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import { Button } from '#ui/button.tsx';
import { Field, Select } from '#ui/field.tsx';
import { FilePicker } from '#ui/file-picker.tsx';
import { FileReport } from '#ui/file-report.tsx';
import { Notice } from '#ui/notice.tsx';
import { Problems, type ShownProblem } from '#ui/problems.tsx';
import { type UploadMessages, type UploadTexts, uploadTexts } from '#ui/upload-texts.ts';
import { type CheckedFor, type ChosenFile, type Split, useFileCheck } from '#ui/use-file-check.ts';
import { useRefresh } from '#ui/use-refresh.ts';

type Texts = Record<'name' | 'note' | 'code' | 'split' | Split | 'pin' | 'pinning' | 'pinned', string>;
type Props = {
  checkedFor: CheckedFor;
  /** At least one. */
  splits: readonly Split[];
  messages: UploadMessages;
  texts: Texts;
  name: string;
};
type Answer =
  | { status: 'pinned' | 'sending' | 'lost' }
  | { status: 'refused'; sentence: string; problems: readonly ShownProblem[] };

/** Pins a predictions file as the baseline; checked here like every upload, and by the server again. */
export function BaselineForm({ checkedFor, splits, messages, texts, name }: Props) {
  const refresh = useRefresh();
  const upload = uploadTexts(messages);
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [fileError, setFileError] = useState<'choose-first' | 'unreadable-text'>();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [split, setSplit] = useState(splits[0]!);
  const check = useFileCheck(checkedFor, file, split, undefined);
  const choose = async (chosen: File) => {
    setAnswer(null);
    try {
      setFile({ name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) });
      setFileError(undefined);
    } catch {
      setFileError('unreadable-text');
    }
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (file === null) return setFileError('choose-first');
    const about = new FormData(event.currentTarget);
    about.set('split', split);
    setAnswer({ status: 'sending' });
    setAnswer(await pin(checkedFor.slug, file, about));
    await refresh();
  };
  const isBroken = check !== null && check !== 'checking' && check.status === 'broken';
  const isSending = answer?.status === 'sending';
  return (
    <form onSubmit={submit} className="space-y-5">
      {splits.length > 1 && (
        <Select
          label={texts.split}
          options={splits.map((value) => ({ value, label: texts[value] }))}
          value={split}
          onChange={({ target }) => setSplit(target.value === 'dev' ? 'dev' : 'test')}
        />
      )}
      <FilePicker texts={upload} file={file} error={fileError && upload.t(fileError)} onChoose={choose} />
      <FileReport texts={upload} check={check} />
      <Field name="name" label={texts.name} required defaultValue={name} maxLength={160} />
      <Field name="note" label={texts.note} maxLength={200} />
      <Field type="url" name="code" label={texts.code} maxLength={500} pattern="https?://.+" />
      <Button type="submit" look="secondary" disabled={isSending || isBroken || check === 'checking'}>
        {isSending ? texts.pinning : texts.pin}
      </Button>
      <Outcome answer={answer} upload={upload} pinned={texts.pinned} />
    </form>
  );
}

type OutcomeProps = { answer: Answer | null; upload: UploadTexts; pinned: string };

function Outcome({ answer, upload, pinned }: OutcomeProps) {
  switch (answer?.status) {
    case 'pinned':
      return (
        <Notice kind="success" live>
          {pinned}
        </Notice>
      );
    case 'lost':
      return (
        <Notice kind="error" live title={upload.t('lost')}>
          {upload.t('lost-text')}
        </Notice>
      );
    case 'refused':
      return (
        <>
          <Notice kind="error" live>
            {answer.sentence}
          </Notice>
          {answer.problems.length > 0 && <Problems problems={answer.problems} texts={upload.table} />}
        </>
      );
    default:
      return null;
  }
}

async function pin(slug: string, file: ChosenFile, about: FormData): Promise<Answer> {
  const query = new URLSearchParams({ file: file.name.slice(0, 255) });
  for (const key of ['split', 'name', 'note', 'code']) {
    const value = String(about.get(key) ?? '').trim();
    if (value !== '') query.set(key, value);
  }
  try {
    const response = await fetch(withBase(`/organise/${slug}/baseline/file?${query}`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: file.bytes,
    });
    if (response.ok) return { status: 'pinned' };
    const { detail, errors = [] } = await response.json();
    return { status: 'refused', sentence: String(detail), problems: errors.map(shownOf) };
  } catch {
    return { status: 'lost' };
  }
}

function shownOf({ line, column, code, message }: { line: number; column: number; code: string; message: string }) {
  return { line, column, code, sentence: message };
}

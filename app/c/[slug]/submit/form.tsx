'use client';

import { type FormEvent, useState } from 'react';
import { formats, isFormat } from '#lib/predictions/records.ts';
import { Button } from '#ui/button.tsx';
import { Field, Select } from '#ui/field.tsx';
import { FilePicker } from '#ui/file-picker.tsx';
import { FileReport } from '#ui/file-report.tsx';
import { type UploadMessages, type UploadTexts, uploadTexts } from '#ui/upload-texts.ts';
import { type CheckedFor, type Split, useFileCheck } from '#ui/use-file-check.ts';
import { Receipt, Setback } from './outcome.tsx';
import { SplitChoice } from './split-choice.tsx';
import { newKey, type Upload, useUpload } from './use-upload.ts';

type Props = {
  checkedFor: CheckedFor;
  timeZone: string;
  messages: UploadMessages;
  splits: readonly Split[];
  firstSplit: Split;
  /** Whether files for test come after the close. */
  isLate: boolean;
  attemptsLeft: number;
};

/** Chooses, checks and sends a file. Whatever goes wrong, the file and everything typed stay where they are. */
export function UploadForm({ checkedFor, timeZone, messages, splits, firstSplit, isLate, attemptsLeft }: Props) {
  const { slug } = checkedFor;
  const texts = uploadTexts(messages);
  const upload = useUpload(slug, firstSplit);
  const { draft, sent } = upload;
  const [isFileMissing, setFileMissing] = useState(false);
  const check = useFileCheck(checkedFor, draft.file, draft.split, draft.format);
  const isBroken = check !== null && check !== 'checking' && check.status === 'broken';
  const costs = draft.split === 'test' && !isLate;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFileMissing(draft.file === null);
    if (draft.file !== null) upload.start(draft.file);
  };
  if (sent?.status === 'accepted') {
    return (
      <Receipt
        texts={texts}
        slug={slug}
        timeZone={timeZone}
        outcome={sent}
        split={draft.split}
        onAnother={upload.reset}
      />
    );
  }
  const fileError = upload.isUnreadable
    ? 'unreadable-text'
    : isFileMissing && draft.file === null
      ? 'choose-first'
      : null;
  const isHeld = isBroken || check === 'checking' || (costs && attemptsLeft <= 0);
  return (
    <form onSubmit={submit} className="space-y-6">
      <fieldset disabled={sent?.status === 'sending'} className="space-y-6">
        <SplitChoice
          texts={texts}
          splits={splits}
          isLate={isLate}
          chosen={draft.split}
          onChoose={(split) => upload.change({ split, key: newKey() })}
        />
        <FilePicker
          texts={texts}
          file={draft.file}
          error={fileError === null ? undefined : texts.t(fileError)}
          onChoose={upload.choose}
        />
        <FileReport texts={texts} check={check} />
        {(isBroken || draft.format) && <FormatChoice texts={texts} upload={upload} />}
        <About texts={texts} upload={upload} />
      </fieldset>
      {sent !== null && sent.status !== 'sending' && <Setback texts={texts} slug={slug} outcome={sent} />}
      {sent?.status === 'sending' ? (
        <Progress texts={texts} part={sent.part} onStop={sent.stop} />
      ) : (
        <Button type="submit" disabled={isHeld}>
          {texts.t(sent?.status === 'lost' ? 'again' : costs ? 'send-test' : 'send')}
        </Button>
      )}
    </form>
  );
}

type PartProps = { texts: UploadTexts; upload: Upload };

/** For a file whose format was guessed wrong. */
function FormatChoice({ texts: { t }, upload: { draft, change } }: PartProps) {
  const options = [
    { value: '', label: t('force-auto') },
    ...formats.map((format) => ({ value: format, label: t(`format-${format}`) })),
  ];
  return (
    <Select
      label={t('force-format')}
      options={options}
      value={draft.format ?? ''}
      onChange={({ target }) => change({ format: isFormat(target.value) ? target.value : undefined })}
    />
  );
}

/** What the team wants to remember of this attempt. */
function About({ texts: { t }, upload: { draft, change } }: PartProps) {
  return (
    <>
      <Field
        label={t('note')}
        hint={t('note-hint')}
        maxLength={200}
        value={draft.note}
        onChange={(event) => change({ note: event.target.value })}
      />
      <Field
        type="url"
        label={t('code')}
        hint={t('code-hint')}
        maxLength={500}
        pattern="https?://.+"
        value={draft.code}
        onChange={(event) => change({ code: event.target.value })}
      />
    </>
  );
}

type ProgressProps = { texts: UploadTexts; part: number; onStop: () => void };

function Progress({ texts: { t }, part, onStop }: ProgressProps) {
  const percent = Math.floor(part * 100);
  const isThere = percent >= 100;
  return (
    <div className="flex flex-wrap items-center gap-4">
      <progress max={100} value={percent} aria-label={t('sending')} className="h-2 w-64 max-w-full accent-accent" />
      <p>{!isThere && t('sent-part', { percent })}</p>
      <p role="status">{isThere && t('receiving')}</p>
      <Button look="quiet" size="small" onClick={onStop}>
        {t('stop')}
      </Button>
    </div>
  );
}

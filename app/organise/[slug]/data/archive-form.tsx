'use client';

import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { Button } from '#ui/button.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';
import { useRefresh } from '#ui/use-refresh.ts';
import { ArchivePicker } from './archive-picker.tsx';
import { type ArchiveSender, archiveSender, type Sent } from './send-archive.ts';

type Props = {
  slug: string;
  language: Language;
  messages: AreaMessages<'archive'>;
  mostBytes: number;
  /** The fields that every import has. */
  children: ReactNode;
};

type Progress = { sent: number; total: number; secondsLeft: number | null };
type State = { status: 'sending'; progress: Progress } | { status: 'too-large' | 'no-file' } | Sent;

/** Sends a .zip of recordings from this computer and has it imported. */
export function ArchiveForm({ slug, language, messages, mostBytes, children }: Props) {
  const t = translatorOf(messages, language);
  const { file, state, choose, submit, cancel } = useArchive(slug, mostBytes);
  const formats = formatsFor(language);
  const limit = formats.bytes(mostBytes);
  const isSending = state?.status === 'sending';
  const isWrong = state?.status === 'too-large' || state?.status === 'no-file';
  const error = isWrong ? t(state.status === 'no-file' ? 'choose-first' : 'too-large', { limit }) : undefined;
  return (
    <form onSubmit={submit} className="space-y-5">
      <ArchivePicker
        texts={{
          label: t('file'),
          choose: t(file === null ? 'choose' : 'choose-other'),
          none: t('no-file'),
          hint: t('file-hint', { limit }),
        }}
        chosen={file && { name: file.name, size: formats.bytes(file.size) }}
        error={error}
        disabled={isSending}
        onChoose={choose}
      />
      {children}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="secondary" disabled={isSending || state?.status === 'too-large'}>
          {t(state?.status === 'lost' || state?.status === 'refused' ? 'again' : 'send')}
        </Button>
        {isSending && (
          <Button look="quiet" onClick={cancel}>
            {t('cancel')}
          </Button>
        )}
      </div>
      {isSending && <Sending progress={state.progress} t={t} language={language} />}
      <Outcome state={state} t={t} />
    </form>
  );
}

/** The chosen file and how far it is. After a break or a refusal, `submit` goes on where it stopped. */
function useArchive(slug: string, mostBytes: number) {
  const refresh = useRefresh();
  const [state, setState] = useState<State | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const sender = useRef<ArchiveSender | null>(null);
  const abort = useRef<AbortController | null>(null);
  useWarningOnLeaving(state?.status === 'sending');

  const choose = (chosen: File) => {
    void sender.current?.cancel();
    sender.current = null;
    setFile(chosen);
    setState(chosen.size > mostBytes ? { status: 'too-large' } : null);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (file === null) return setState({ status: 'no-file' });
    if (file.size > mostBytes) return;
    const options = optionsOf(new FormData(event.currentTarget));
    abort.current = new AbortController();
    sender.current ??= archiveSender(slug, file);
    const show = progressFrom(file.size, (progress) => setState({ status: 'sending', progress }));
    const outcome = await sender.current.send(options, abort.current.signal, show);
    if (outcome.status === 'cancelled') await sender.current.cancel();
    if (outcome.status === 'imported') sender.current = null;
    setState(outcome);
    await refresh();
  };
  return { file, state, choose, submit, cancel: () => abort.current?.abort() };
}

type Words = ReturnType<typeof translatorOf<AreaMessages<'archive'>>>;

function Sending({ progress, t, language }: { progress: Progress; t: Words; language: Language }) {
  const { sent, total, secondsLeft } = progress;
  const formats = formatsFor(language);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <progress max={total} value={sent} aria-label={t('sending')} className="h-2 w-64 max-w-full accent-accent" />
      <p className="text-sm">
        {t('progress', { sent: formats.bytes(sent), total: formats.bytes(total) })}
        {secondsLeft !== null && `, ${t('remaining', { time: formats.seconds(Math.ceil(secondsLeft)) })}`}
      </p>
    </div>
  );
}

function Outcome({ state, t }: { state: State | null; t: Words }) {
  switch (state?.status) {
    case 'imported':
      return (
        <Notice kind="success" live>
          {t('imported')}
        </Notice>
      );
    case 'cancelled':
      return (
        <Notice kind="info" live>
          {t('cancelled')}
        </Notice>
      );
    case 'refused':
      return (
        <Notice kind="error" live>
          {state.sentence}
        </Notice>
      );
    case 'lost':
      return (
        <Notice kind="error" live>
          {t('lost')}
        </Notice>
      );
    default:
      return null;
  }
}

/** Speed and time left count from the first call: what was sent before that took no time now. */
function progressFrom(total: number, show: (progress: Progress) => void): (sent: number) => void {
  const started = performance.now();
  let first: number | null = null;
  return (sent) => {
    first ??= sent;
    const seconds = (performance.now() - started) / 1000;
    const secondsLeft = seconds > 2 && sent > first ? (seconds / (sent - first)) * (total - sent) : null;
    show({ sent, total, secondsLeft });
  };
}

function optionsOf(form: FormData): URLSearchParams {
  const options = new URLSearchParams();
  for (const key of ['format', 'split', 'speakerKey', 'groupKey']) {
    const value = String(form.get(key) ?? '').trim();
    if (value !== '') options.set(key, value);
  }
  return options;
}

function useWarningOnLeaving(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isSending]);
}

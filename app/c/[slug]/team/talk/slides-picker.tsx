'use client';

import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import { withBase } from '#lib/base-path.ts';
import { translatorOf } from '#lib/messages/format.ts';
import type { Language } from '#lib/messages/language.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { buttonClass } from '#ui/button.tsx';
import { formatsFor } from '#ui/format.ts';
import { Notice } from '#ui/notice.tsx';

type Texts = { messages: AreaMessages<'talk'>; language: Language };
type Props = { slug: string; maxBytes: number; hasSlides: boolean; texts: Texts };
type State = { step: 'idle' | 'done' } | { step: 'sending'; part: number } | { step: 'failed'; sentence: string };

/** Sends a PDF as it is, with progress. What is too large is told before it leaves. */
export function SlidesPicker({ slug, maxBytes, hasSlides, texts }: Props) {
  const t = translatorOf(texts.messages, texts.language);
  const formats = formatsFor(texts.language);
  const router = useRouter();
  const id = useId();
  const [state, setState] = useState<State>({ step: 'idle' });
  const choose = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > maxBytes) {
      return setState({ step: 'failed', sentence: t('slides-large', { most: formats.bytes(maxBytes) }) });
    }
    setState({ step: 'sending', part: 0 });
    const refusal = await sendSlides(slug, file, (part) => setState({ step: 'sending', part }));
    if (refusal === null) {
      setState({ step: 'done' });
      router.refresh();
    } else setState({ step: 'failed', sentence: refusal === '' ? t('slides-lost') : refusal });
  };
  const isBusy = state.step === 'sending';
  return (
    <div>
      <input
        id={id}
        type="file"
        accept=".pdf,application/pdf"
        className="peer sr-only"
        disabled={isBusy}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          choose(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <label
        htmlFor={id}
        className={`${buttonClass('secondary', 'normal')} cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent`}
      >
        {t(hasSlides ? 'slides-replace' : 'slides-choose')}
      </label>
      <p id={`${id}-hint`} className="mt-2 text-sm text-soft">
        {t('slides-hint', { most: formats.bytes(maxBytes) })}
      </p>
      {isBusy && <progress value={state.part} max={1} aria-label={t('slides-sending')} className="mt-3 w-full" />}
      {state.step === 'failed' && (
        <Notice kind="error" live className="mt-3">
          {state.sentence}
        </Notice>
      )}
      {state.step === 'done' && (
        <Notice kind="success" live className="mt-3">
          {t('slides-sent')}
        </Notice>
      )}
    </div>
  );
}

/** Null once they are there, else the server's sentence, which is empty where none came. `fetch` tells nothing of progress. */
function sendSlides(slug: string, file: File, onProgress: (part: number) => void): Promise<string | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(
      'PUT',
      withBase(`/c/${slug}/team/talk/slides?${new URLSearchParams({ file: file.name.slice(-255) })}`),
    );
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(request.status === 200 ? null : detailIn(request.responseText));
    request.onerror = () => resolve('');
    request.send(file);
  });
}

function detailIn(text: string): string {
  try {
    return String(JSON.parse(text).detail ?? '');
  } catch {
    // Something between us and the server answered.
    return '';
  }
}

import { useEffect, useState } from 'react';
import type { Format } from '#lib/predictions/records.ts';
import type { ChosenFile, Split } from '#ui/use-file-check.ts';
import { useRefresh } from '#ui/use-refresh.ts';
import { type Outcome, send } from './send.ts';

export type Draft = {
  file: ChosenFile | null;
  split: Split;
  format: Format | undefined;
  note: string;
  code: string;
  key: string;
};

/** What happens to the draft: nothing yet, on its way, or its outcome. */
export type Sent = { status: 'sending'; part: number; stop: () => void } | Outcome | null;

export type Upload = {
  draft: Draft;
  sent: Sent;
  isUnreadable: boolean;
  change(changed: Partial<Draft>): void;
  choose(file: File): Promise<void>;
  start(file: ChosenFile): Promise<void>;
  reset(): void;
};

/** The form's state. Nothing that fails loses the draft. */
export function useUpload(slug: string, firstSplit: Split): Upload {
  const refresh = useRefresh();
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(firstSplit));
  const [isUnreadable, setUnreadable] = useState(false);
  const [sent, setSent] = useState<Sent>(null);
  useWarningBeforeLeaving(sent?.status === 'sending');
  const change = (changed: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changed }));
    setSent(null);
  };
  return {
    draft,
    sent,
    isUnreadable,
    change,
    async choose(file) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        setUnreadable(false);
        change({ file: { name: file.name, bytes }, format: undefined, key: newKey() });
      } catch {
        setUnreadable(true);
      }
    },
    async start(file) {
      const abort = new AbortController();
      const onProgress = (part: number) => setSent({ status: 'sending', part, stop: () => abort.abort() });
      onProgress(0);
      setSent(await send({ slug, ...draft, file }, onProgress, abort.signal));
      // The attempts left stand on the page around the form.
      await refresh();
    },
    reset() {
      setDraft(emptyDraft(draft.split));
      setSent(null);
    },
  };
}

function emptyDraft(split: Split): Draft {
  return { file: null, split, format: undefined, note: '', code: '', key: newKey() };
}

/** 128 random bits; `randomUUID` is missing where the page came over plain http. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function useWarningBeforeLeaving(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isSending]);
}

'use client';

import { useState } from 'react';
import { FilePicker } from '#ui/file-picker.tsx';
import { FileReport } from '#ui/file-report.tsx';
import { type UploadMessages, uploadTexts } from '#ui/upload-texts.ts';
import { type CheckedFor, type ChosenFile, useFileCheck } from '#ui/use-file-check.ts';

type Props = { checkedFor: CheckedFor; messages: UploadMessages };

/** Scores a file for dev here, in the browser: nothing is sent. */
export function TryForm({ checkedFor, messages }: Props) {
  const texts = uploadTexts(messages);
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const check = useFileCheck(checkedFor, file, 'dev', undefined);
  const choose = async (chosen: File) => {
    try {
      setFile({ name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) });
      setUnreadable(false);
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <div className="space-y-4">
      <FilePicker
        texts={texts}
        file={file}
        error={isUnreadable ? texts.t('unreadable-text') : undefined}
        onChoose={choose}
      />
      <FileReport texts={texts} check={check} />
    </div>
  );
}

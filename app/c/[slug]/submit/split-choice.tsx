'use client';

import type { UploadTexts } from '#ui/upload-texts.ts';
import type { Split } from '#ui/use-file-check.ts';

type Props = {
  texts: UploadTexts;
  splits: readonly Split[];
  isLate: boolean;
  chosen: Split;
  onChoose: (split: Split) => void;
};

/** What the file answers, and what sending it costs. */
export function SplitChoice({ texts: { t }, splits, isLate, chosen, onChoose }: Props) {
  const hints = { test: isLate ? t('split-test-late-hint') : t('split-test-hint'), dev: t('split-dev-hint') };
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{t('split')}</legend>
      <div className="grid max-w-xl gap-3 sm:grid-cols-2">
        {splits.map((split) => (
          <label
            key={split}
            className="flex cursor-pointer gap-3 rounded-xl border border-line px-4 py-3 has-[:checked]:border-ink has-[:checked]:bg-sunk"
          >
            <input
              type="radio"
              name="split"
              value={split}
              checked={split === chosen}
              onChange={() => onChoose(split)}
              className="mt-1 size-4.5 shrink-0"
            />
            <span>
              <span className="block font-medium">{t(`split-${split}`)}</span>
              <span className="block text-sm text-soft">{hints[split]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

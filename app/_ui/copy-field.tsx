import { type ReactNode, useId } from 'react';
import { CopyButton } from './copy-button.tsx';

type Props = { value: string; label: string; texts: { copy: string; copied: string }; children?: ReactNode };

/** Something that is shown once, to be copied or selected; `children` stand in the same row where there is room. */
export function CopyField({ value, label, texts, children }: Props) {
  const id = useId();
  return (
    <div className="mt-3 flex flex-wrap items-end gap-3">
      <div className="min-w-0 grow">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <input
          id={id}
          readOnly
          value={value}
          className="control font-mono text-sm"
          onFocus={(event) => event.target.select()}
        />
      </div>
      <CopyButton text={value} label={texts.copy} copied={texts.copied} />
      {children}
    </div>
  );
}

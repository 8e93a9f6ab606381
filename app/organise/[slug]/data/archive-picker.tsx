import { useId } from 'react';
import { buttonClass } from '#ui/button.tsx';

type Texts = { label: string; choose: string; none: string; hint: string };
type Props = {
  texts: Texts;
  /** The chosen file in words. */
  chosen: { name: string; size: string } | null;
  error: string | undefined;
  disabled: boolean;
  onChoose: (file: File) => void;
};

/** Takes an archive by its button. The words of a plain file field would be in the browser's language, not the page's. */
export function ArchivePicker({ texts, chosen, error, disabled, onChoose }: Props) {
  const id = useId();
  return (
    <div className="max-w-xl">
      <p className="mb-1.5 font-medium">{texts.label}</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <input
          id={id}
          type="file"
          accept=".zip,application/zip"
          className="peer sr-only"
          aria-describedby={`${id}-chosen ${id}-hint${error ? ` ${id}-error` : ''}`}
          aria-invalid={error ? true : undefined}
          disabled={disabled}
          onChange={({ target }) => {
            if (target.files?.[0]) onChoose(target.files[0]);
            // The same name may be chosen again after an edit, and is a new file then.
            target.value = '';
          }}
        />
        <label
          htmlFor={id}
          className={`${buttonClass('secondary', 'normal')} cursor-pointer peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent peer-disabled:cursor-default peer-disabled:text-soft`}
        >
          {texts.choose}
        </label>
        <p id={`${id}-chosen`} className="min-w-0 break-all">
          {chosen ? (
            <>
              <b className="font-semibold">{chosen.name}</b> <span className="text-soft">{chosen.size}</span>
            </>
          ) : (
            <span className="text-soft">{texts.none}</span>
          )}
        </p>
      </div>
      <p id={`${id}-hint`} className="mt-1.5 text-sm text-soft">
        {texts.hint}
      </p>
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

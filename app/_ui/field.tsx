import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

type Labelled = { label: ReactNode; hint?: ReactNode; error?: ReactNode };

/** A labelled `<input>`. `error` is what is wrong and what to do; it is read out with the field. */
export function Field({ label, hint, error, className, ...input }: Labelled & ComponentProps<'input'>) {
  const { frame, control } = useLabelled({ label, hint, error }, input.id, className);
  return frame(<input type="text" {...input} {...control} />);
}

export function TextArea({ label, hint, error, className, ...area }: Labelled & ComponentProps<'textarea'>) {
  const { frame, control } = useLabelled({ label, hint, error }, area.id, className);
  return frame(<textarea rows={4} {...area} {...control} />);
}

export type Option = { value: string; label: string };

export function Select({ label, hint, error, options, className, ...select }: Labelled & SelectProps) {
  const { frame, control } = useLabelled({ label, hint, error }, select.id, className);
  return frame(
    <select {...select} {...control}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>,
  );
}
type SelectProps = ComponentProps<'select'> & { options: readonly Option[] };

/** One yes or no; the label is the sentence that is agreed to. */
export function Checkbox({ label, hint, error, className, ...input }: Labelled & ComponentProps<'input'>) {
  const own = useId();
  const id = input.id ?? own;
  return (
    <div className={className}>
      <div className="flex gap-3">
        <input
          type="checkbox"
          {...input}
          id={id}
          className="mt-1 size-4.5 shrink-0"
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy(id, hint, error)}
        />
        <label htmlFor={id}>{label}</label>
      </div>
      <Below id={id} hint={hint} error={error} className="pl-7.5" />
    </div>
  );
}

function useLabelled({ label, hint, error }: Labelled, givenId: string | undefined, className: string | undefined) {
  const own = useId();
  const id = givenId ?? own;
  const control = {
    id,
    className: 'control',
    'aria-invalid': error ? true : undefined,
    'aria-describedby': describedBy(id, hint, error),
  };
  const frame = (child: ReactNode) => (
    <div className={classNames('max-w-xl', className)}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {child}
      <Below id={id} hint={hint} error={error} />
    </div>
  );
  return { frame, control };
}

function Below({ id, hint, error, className }: { id: string; hint: ReactNode; error: ReactNode; className?: string }) {
  return (
    <div className={classNames('text-sm', className)}>
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1.5 font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: ReactNode): string | undefined {
  return classNames(error ? `${id}-error` : '', hint ? `${id}-hint` : '') || undefined;
}

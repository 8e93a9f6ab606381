import type { AuditStep } from '#lib/label-audit.ts';
import { classNames } from '#ui/class-names.ts';
import type { AuditPlace } from './audit-place.ts';

type Props = { say: AuditPlace['say']; steps: readonly AuditStep[]; label: string };

/** The label over what is heard, word by word; where they differ, a word, a sign and a colour say how. */
export function Steps({ say, steps, label }: Props) {
  if (steps.length === 0) return <p className="text-soft">∅</p>;
  return (
    <ol aria-label={label} className="-mx-1.5 flex flex-wrap items-end gap-x-1 gap-y-2 leading-snug">
      {steps.map(({ kind, reference, hypothesis }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of one utterance never move
        <li key={at} className={classNames('grid max-w-full rounded-md px-1.5 py-1 text-center', looks[kind])}>
          {kind !== 'hit' && <span className="text-xs leading-4">{say(`step-${kind}`)}</span>}
          <Word text={reference} sign="+" />
          {kind !== 'hit' && <Word text={hypothesis} sign="−" isHeard />}
        </li>
      ))}
    </ol>
  );
}

/** Nothing but a sign stands where one of the two has no word. */
function Word({ text, sign, isHeard = false }: { text: string | null; sign: string; isHeard?: boolean }) {
  if (text === null) return <span aria-hidden="true">{sign}</span>;
  return <span className={classNames('break-words', isHeard ? 'font-semibold' : 'text-ink')}>{text}</span>;
}

const looks: Record<AuditStep['kind'], string> = {
  hit: 'self-center text-soft',
  substitution: 'bg-bad/8 text-bad',
  deletion: 'bg-warn/8 text-warn',
  insertion: 'bg-accent/8 text-accent',
};

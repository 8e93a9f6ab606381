import type { Translate } from '#lib/messages/translate.ts';
import type { Aligned } from '#scoring/lab/align.ts';
import { classNames } from '#ui/class-names.ts';

type Kind = Aligned['steps'][number]['kind'];

/** Words in pairs, reference over hypothesis; what went wrong is told by a word over them, by a sign and by colour. */
export function Alignment({ t, aligned, label }: { t: Translate; aligned: Aligned; label: string }) {
  const { reference, hypothesis, steps } = aligned;
  if (steps.length === 0) return <p className="my-4 text-soft">{t('lab.alignment-empty')}</p>;
  return (
    <ol aria-label={label} className="-mx-1.5 my-4 flex flex-wrap items-end gap-x-1 gap-y-2 text-lg leading-snug">
      {steps.map((step, at) => {
        const { kind } = step;
        const above = kind === 'insertion' ? null : reference[step.reference]!;
        const below = kind === 'deletion' ? null : hypothesis[step.hypothesis]!;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of one utterance never move
          <li key={at} className={classNames('grid max-w-full rounded-md px-1.5 py-1 text-center', looks[kind])}>
            {kind !== 'hit' && <span className="text-xs leading-4">{t(`lab.${kind}`)}</span>}
            <Word text={above} isWrong={kind === 'deletion'} />
            <Word text={below} isWrong={kind === 'substitution' || kind === 'insertion'} sign={signs[kind]} />
          </li>
        );
      })}
    </ol>
  );
}

/** Nothing stands where one of the two has no word. */
function Word({ text, isWrong, sign = '' }: { text: string | null; isWrong: boolean; sign?: string }) {
  if (text === null) return <span aria-hidden="true">{sign || '·'}</span>;
  return <span className={classNames('break-words', isWrong ? 'font-medium' : 'text-ink')}>{text}</span>;
}

const signs: Record<Kind, string> = { hit: '', substitution: '', deletion: '−', insertion: '' };

const looks: Record<Kind, string> = {
  hit: 'text-soft',
  substitution: 'bg-bad/8 text-bad',
  deletion: 'bg-warn/8 text-warn',
  insertion: 'bg-accent/8 text-accent',
};

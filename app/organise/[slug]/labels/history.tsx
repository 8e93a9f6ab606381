import type { LabelHistory } from '#lib/label-desk.ts';
import { Notice } from '#ui/notice.tsx';
import { Text } from './label-text.tsx';
import type { Place } from './texts.ts';
import { useDesk } from './use-desk.ts';

/** How an utterance came to stand as it does, and why. */
export function History({ place, id, turn }: { place: Place; id: string; turn: number }) {
  const { t, slug, print } = place;
  const { value, refusal } = useDesk<LabelHistory>(slug, `/history?${new URLSearchParams({ id })}`, turn, null);
  if (value === null) {
    return refusal === null ? <p role="status">{t('loading')}</p> : <Notice kind="error">{refusal.sentence}</Notice>;
  }
  return (
    <ol className="space-y-3 border-l-2 border-line pl-4">
      {value.entries.map((entry) => (
        <li key={`${entry.labelVersion} ${entry.editedAt} ${entry.reason}`}>
          <p className="text-sm text-soft">
            {t('history-entry', { version: entry.labelVersion, state: t(`state-${entry.state}`) })} ·{' '}
            {t('by', { name: entry.editedBy ?? t('command-line'), at: print(entry.editedAt) })}
          </p>
          <Text place={place} label={entry} />
          <p className="text-sm">{entry.reason || t('history-imported')}</p>
        </li>
      ))}
    </ol>
  );
}

import { useState } from 'react';
import type { ListedLabel } from '#lib/label-desk.ts';
import { Button } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { EditForm } from './edit-form.tsx';
import { History } from './history.tsx';
import { Text } from './label-text.tsx';
import type { Place } from './texts.ts';

type Props = { place: Place; label: ListedLabel; turn: number };

/** One utterance: to be heard, read, corrected, and followed through its versions. */
export function LabelRow({ place, label, turn }: Props) {
  const { t, slug, formats } = place;
  const [open, setOpen] = useState<'edit' | 'history' | null>(null);
  const { id, seconds, before } = label;
  const toggle = (part: 'edit' | 'history') => setOpen(open === part ? null : part);
  return (
    <li className="space-y-3 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="break-all font-mono text-sm">{id}</span>
        {seconds !== null && <span className="text-sm text-soft">{formats.seconds(seconds)}</span>}
        {before !== null && <Chip look="accent">{t('changed')}</Chip>}
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: its text stands below */}
      <audio
        controls
        preload="none"
        aria-label={t('recording', { id })}
        src={`/organise/${slug}/desk/labels/recording?${new URLSearchParams({ id })}`}
        className="h-10 w-full max-w-md"
      />
      <Text place={place} label={label} />
      {before !== null && (
        <div className="text-sm text-soft">
          {t('before')}: <Text place={place} label={before} />
        </div>
      )}
      <div className="flex flex-wrap gap-3">
        <Button
          look="secondary"
          size="small"
          aria-expanded={open === 'edit'}
          aria-label={t('edit-label', { id })}
          onClick={() => toggle('edit')}
        >
          {t('edit')}
        </Button>
        <Button
          look="quiet"
          size="small"
          aria-expanded={open === 'history'}
          aria-label={t('history-label', { id })}
          onClick={() => toggle('history')}
        >
          {t('history')}
        </Button>
      </div>
      {open === 'edit' && <EditForm place={place} label={label} />}
      {open === 'history' && <History place={place} id={id} turn={turn} />}
    </li>
  );
}

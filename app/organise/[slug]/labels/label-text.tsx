import type { LabelText } from '#lib/label-desk.ts';
import { Chip } from '#ui/chip.tsx';
import type { Place } from './texts.ts';

/** The words, those that are as good, and whether they count. */
export function Text({ place: { t }, label }: { place: Place; label: LabelText }) {
  return (
    <div className="max-w-prose">
      <p>
        <bdi>{label.reference || '∅'}</bdi> {label.excluded && <Chip look="warn">{t('excluded')}</Chip>}
      </p>
      {label.alternatives.length > 0 && (
        <p className="text-sm text-soft">
          {t('alternatives')}: <bdi>{label.alternatives.map((text) => text || '∅').join(' · ')}</bdi>
        </p>
      )}
    </div>
  );
}

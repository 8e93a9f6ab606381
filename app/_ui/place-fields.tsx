import type { Translate } from '#lib/messages/translate.ts';
import { Field } from './field.tsx';

type Props = { t: Translate; hints: { slug: string; timeZone: string } };

/** What a new competition and a new course are asked for alike: the address of their pages, their names, their time zone. */
export function PlaceFields({ t, hints }: Props) {
  return (
    <>
      <Field
        name="slug"
        label={t('organise.slug')}
        hint={hints.slug}
        required
        minLength={2}
        maxLength={60}
        pattern="[a-z0-9]+(-[a-z0-9]+)*"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Field name="nameRu" label={t('organise.name-ru')} required maxLength={120} />
      <Field name="nameEn" label={t('organise.name-en')} required maxLength={120} />
      <Field
        name="timeZone"
        label={t('organise.time-zone')}
        hint={hints.timeZone}
        required
        defaultValue="Europe/Moscow"
      />
    </>
  );
}

import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type ProfileName, profileNames } from '#scoring/wer/normalise.ts';
import { Chip } from './chip.tsx';
import { ProfileExample, suggestedProfile } from './profile-example.tsx';

type Props = { t: Translate; language: Language; chosen: ProfileName };

/** The profiles, each with what it makes of an example; the one that suits the reader's language comes first. Sends `profile`. */
export function ProfileChoice({ t, language, chosen }: Props) {
  const suggested = suggestedProfile(language);
  return (
    <fieldset>
      <legend className="font-medium">{t('organise.profile')}</legend>
      <p className="mb-3 mt-0.5 max-w-prose text-sm text-soft">{t('organise.profile-hint')}</p>
      <div className="grid gap-3 md:grid-cols-2">
        {[suggested, ...profileNames.filter((profile) => profile !== suggested)].map((profile) => (
          <div
            key={profile}
            className="relative flex gap-3 rounded-xl border border-line px-4 py-3 has-[:checked]:border-ink has-[:checked]:bg-sunk"
          >
            <input
              type="radio"
              name="profile"
              id={`profile-${profile}`}
              value={profile}
              required
              defaultChecked={profile === chosen}
              className="mt-1 size-4.5 shrink-0"
            />
            <div className="min-w-0">
              {/* The label reaches over its whole box, example and all. */}
              <label
                htmlFor={`profile-${profile}`}
                className="mb-2 block cursor-pointer font-medium after:absolute after:inset-0"
              >
                {t(`organise.profile-${profile}`)}{' '}
                {profile === suggested && <Chip look="good">{t('organise.profile-suggested')}</Chip>}
              </label>
              <ProfileExample t={t} language={language} profile={profile} />
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

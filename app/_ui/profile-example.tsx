import { errorsOf, referenceLength } from '#lib/counts.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { countErrors } from '#scoring/wer/align.ts';
import { normalise, type ProfileName } from '#scoring/wer/normalise.ts';
import { WordPairs } from './word-pairs.tsx';

type Props = { t: Translate; language: Language; profile: ProfileName };

/** What a profile does to one recording: the scorer normalises, aligns and counts it as the page is drawn. */
export function ProfileExample({ t, language, profile }: Props) {
  const example = examples[languageOf(profile) ?? language];
  const reference = normalise(example.reference, profile);
  const hypothesis = normalise(example.hypothesis, profile);
  const counts = countErrors(reference, hypothesis);
  return (
    <figure>
      <figcaption className="mb-1.5 text-sm text-soft">
        {t('scoring.profile-example', example)}
        <b className="block font-semibold text-ink">
          {t('scoring.profile-example-errors', { errors: errorsOf(counts), words: referenceLength(counts) })}
        </b>
      </figcaption>
      <WordPairs reference={reference} hypothesis={hypothesis} />
    </figure>
  );
}

/** The profile that suits most texts of a language: in Russian ё is written or not as people please, and nobody hears which. */
export function suggestedProfile(language: Language): ProfileName {
  return language === 'ru' ? 'ru-yo' : 'en';
}

/** Texts of which profiles make different words: case, punctuation, ё, a stress mark; an apostrophe and an accent. */
const examples: Record<Language, { reference: string; hypothesis: string }> = {
  ru: { reference: 'Ещё раз: открой за\u0301мок!', hypothesis: 'еще раз открой замок' },
  en: { reference: 'Well, it’s Bob’s café.', hypothesis: "well it's bob's cafe" },
};

/** The language that a profile is made for; null where it is for any. */
function languageOf(profile: ProfileName): Language | null {
  if (profile === 'ru' || profile === 'ru-yo') return 'ru';
  return profile === 'en' ? 'en' : null;
}

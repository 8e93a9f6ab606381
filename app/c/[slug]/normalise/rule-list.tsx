import type { Mapping } from '#lib/mapping.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type ProfileName, rulesOf } from '#scoring/wer/normalise.ts';

type Props = { t: Translate; profile: ProfileName; mapping: Mapping | null };

/** What a profile does, rule by rule in the order in which they are applied, and then the mapping. */
export function RuleList({ t, profile, mapping }: Props) {
  return (
    <ol className="list-decimal space-y-1 pl-5">
      {rulesOf(profile).map((rule) => (
        <li key={rule}>{t(`scoring.rule-${rule}`)}</li>
      ))}
      {mapping !== null && <li>{t('scoring.rule-mapping', { rules: mapping.length })}</li>}
    </ol>
  );
}

import { createHash } from 'node:crypto';
import type { Mapping } from '#lib/mapping.ts';
import { type ProfileName, profiles, rulesOf } from '#scoring/wer/normalise.ts';

/**
 * Sixteen hex digits of SHA-256 over all that decides what a text is read as: the profile's name, version and rules, and the mapping
 * in its order. Equal where texts are read alike by name, and it stands in every score.
 */
export function profileHash(profile: ProfileName, mapping: Mapping | null): string {
  const replacements = (mapping ?? []).map(({ from, to }) => [from, to]);
  const { version } = profiles[profile];
  const canonical = JSON.stringify({ profile, version, rules: rulesOf(profile), mapping: replacements });
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}

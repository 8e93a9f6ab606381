import { createHash } from 'node:crypto';
import type { Mapping } from '#lib/mapping.ts';
import { type ProfileName, profiles } from '#scoring/wer/normalise.ts';

/** SHA-256, as hex, of everything that decides what a text is read as: the profile by name and version, and the mapping. */
export function profileHash(profile: ProfileName, mapping: Mapping | null): string {
  const rules = (mapping ?? []).map(({ from, to }) => [from, to]);
  return createHash('sha256')
    .update(JSON.stringify([profile, profiles[profile].version, rules]))
    .digest('hex');
}

import type { Competition } from '#lib/competition.ts';

/** What the form's fields show. */
export function shownLimits({ teamSize, dailyQuota, profile, publicFoldPercent, policy }: Competition) {
  return {
    teamSize: String(teamSize),
    dailyQuota: String(dailyQuota),
    profile,
    publicFoldPercent: String(publicFoldPercent),
    policy,
  };
}

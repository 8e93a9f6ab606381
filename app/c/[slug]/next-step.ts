import { type Competition, isOpen, isRevealed, windows } from '#lib/competition.ts';

/** How far somebody has come in a competition. */
export type Standing = { hasAccepted: boolean; hasTeam: boolean };

/** The page that takes somebody further, by its name in the address. */
export type NextStep = 'rules' | 'team' | 'data' | 'submit' | 'results';

/** What to do next: rules before a team, a team before a file, and the result for everybody once it is open. */
export function nextStep(competition: Competition, { hasAccepted, hasTeam }: Standing, now: Date): NextStep {
  if (isRevealed(competition, now)) return 'results';
  if (!hasAccepted) return 'rules';
  const { teamChanges, submissions } = windows(competition);
  if (!hasTeam && isOpen(teamChanges, now)) return 'team';
  return hasTeam && isOpen(submissions, now) ? 'submit' : 'data';
}

import type { Act } from './act.ts';
import { ofCourses, ofDesks, ofUploads } from './acts-of-desks.ts';
import { ofAdministrators, ofConsoles, ofDefences, ofTeamsByOrganisers } from './acts-of-organisers.ts';
import { lastOfAll, ofAccounts, ofEvenings, ofTeams } from './acts-of-people.ts';

/** Open to whoever has what it asks for: a password, a mailed link, an invite. There is no id in it that could be somebody else's. */
export const actsOfNobody = [
  'app/sign-up/actions.ts signUp',
  'app/sign-in/actions.ts signIn',
  'app/reset/actions.ts askForPassword',
  'app/confirm/actions.ts finishSignUp',
  'app/confirm/actions.ts finishSignIn',
  'app/confirm/actions.ts finishReset',
  'app/confirm/actions.ts finishNewAddress',
  'app/confirm/actions.ts signInToOther',
  'app/confirm/actions.ts finishRecovery',
  'app/confirm/actions.ts becomeAdministrator',
  'app/confirm/actions.ts promoteMe',
  'app/unsubscribe/actions.ts stop',
  'app/unsubscribe/[token]/route.ts POST',
  'app/join/[token]/actions.ts join',
  'app/c/[slug]/normalise/actions.ts showText',
  'app/preferences/route.ts POST',
  'app/api/auth/[...nextauth]/route.ts POST',
];

/** In an order in which whoever may do all of it can. */
export const acts: readonly Act[] = [
  ...[...ofAccounts, ...ofTeams, ...ofEvenings, ...ofDefences, ...ofConsoles, ...ofUploads, ...ofDesks, ...ofCourses],
  ...[...ofAdministrators, ...lastOfAll.slice(0, 2), ...ofTeamsByOrganisers, ...lastOfAll.slice(2)],
];

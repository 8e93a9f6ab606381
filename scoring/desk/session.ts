import { cookieName, sessionIdIn } from '#lib/auth/session-cookie.ts';
import type { Competition } from '#lib/competition.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { findSessionUser } from '#lib/db/sessions.ts';
import type { User } from '#lib/db/users.ts';
import { UnauthenticatedError } from '#lib/errors.ts';
import { isLoopback } from '#lib/identity/network.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';

/** Somebody who may read the competition's labels. */
export type LabelReader = { user: User; competition: Competition };

/**
 * The organiser who asks, by the session that the cookie names as it stands now. Others, assistants too, are told that there is no
 * such competition.
 */
export async function requireLabelReader(call: DeskCall): Promise<LabelReader> {
  const { request, db, secret, origin, slug } = call;
  const sessionId = await sessionIdIn(cookieIn(request, cookieName('session', origin)), secret);
  const user = sessionId === null ? null : await findSessionUser(db, sessionId);
  const isElsewhere = !isLoopback(request.headers.get('x-rostrum-address') ?? '');
  if (user === null || (user.isDemo && isElsewhere)) throw new UnauthenticatedError();
  return { user, competition: await getOrganisedCompetition(db, slug, user) };
}

function cookieIn(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(/[;,]/)) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

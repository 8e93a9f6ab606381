import { cookieName, sessionIdIn } from '#lib/auth/session-cookie.ts';
import type { Competition } from '#lib/competition.ts';
import { isDeskOpen } from '#lib/db/desk-openings.ts';
import { getOrganisedCompetition } from '#lib/db/organisers.ts';
import { findLiveSession, freshHours } from '#lib/db/sessions.ts';
import type { User } from '#lib/db/users.ts';
import { ForbiddenError, RefusedError, UnauthenticatedError } from '#lib/errors.ts';
import { isLoopback } from '#lib/identity/network.ts';
import type { DeskCall } from '#scoring/desk/routes.ts';

/** Somebody who may read the competition's labels. */
export type LabelReader = { user: User; competition: Competition };

/**
 * The organiser who asks, by the session that the cookie names as it stands now. Others, assistants too, are told that there is no
 * such competition. Refuses with 'confirm-yourself' an organiser who signed in longer than `freshHours` ago, and 'desk-closed'.
 */
export async function requireLabelReader(call: DeskCall): Promise<LabelReader> {
  const { request, db, secret, origin, slug } = call;
  requireWeb(request);
  const sessionId = await sessionIdIn(cookieIn(request, cookieName('session', origin)), secret);
  const session = sessionId === null ? null : await findLiveSession(db, sessionId);
  const isElsewhere = !isLoopback(request.headers.get('x-rostrum-address') ?? '');
  if (session === null || (session.user.isDemo && isElsewhere)) throw new UnauthenticatedError();
  const competition = await getOrganisedCompetition(db, slug, session.user);
  // After the rest: who organises nothing here learns nothing by it.
  if (!session.isFresh) throw new RefusedError('confirm-yourself', 401, { hours: freshHours });
  await requireOpening(call, competition.id);
  return { user: session.user, competition };
}

/** Refuses 'desk-closed' where the desk answers on request and nobody has opened it for this competition. */
export async function requireOpening({ db, slug, opensOnRequest }: DeskCall, competitionId: string): Promise<void> {
  if (opensOnRequest && !(await isDeskOpen(db, competitionId))) throw new RefusedError('desk-closed', 403, { slug });
}

/**
 * Browsers ask the web, which sends on neither of these. A page on another port of this machine would have the cookie sent along,
 * since cookies know no ports.
 */
function requireWeb(request: Request): void {
  const isFromBrowser = ['origin', 'sec-fetch-site'].some((name) => request.headers.has(name));
  if (isFromBrowser) throw new ForbiddenError('cross-origin');
}

function cookieIn(request: Request, name: string): string | undefined {
  for (const part of (request.headers.get('cookie') ?? '').split(/[;,]/)) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

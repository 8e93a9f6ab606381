import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { encode } from 'next-auth/jwt';
import { cache } from 'react';
import { cookieName, sessionIdIn } from '#lib/auth/session-cookie.ts';
import { cookiePath } from '#lib/base-path.ts';
import type { Competition } from '#lib/competition.ts';
import type { Role } from '#lib/db/competitions.ts';
import { type Course, getStaffedCourse } from '#lib/db/courses.ts';
import { getOrganisedCompetition, getStaffedCompetition } from '#lib/db/organisers.ts';
import { createSession, findLiveSession, type LiveSession, revokeSession, sessionDays } from '#lib/db/sessions.ts';
import { findTokenUser, type Scope } from '#lib/db/tokens.ts';
import type { User } from '#lib/db/users.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { ForbiddenError, NotFoundError, ScopeError, UnauthenticatedError } from '#lib/errors.ts';
import { countingWrongTokens } from '#lib/identity/limits.ts';
import { localPath, withNext } from '#lib/identity/local-path.ts';
import { isLoopback, networkOf } from '#lib/identity/network.ts';

/*
 * Who is asking. The cookie is next-auth's encrypted token and holds the id of a session; the row of that session decides, at
 * every use, so that a session can be ended from anywhere at once.
 */

export type { User };
/** Somebody who runs the competition; what is only theirs to see takes one of these. */
export type Organiser = { user: User; competition: Competition };
/** An organiser, or an assistant of theirs, who may do less. Administrators are organisers. */
export type Staff = Organiser & { role: Role };
/** `scopes` of their token, null without one; `subject` is a token, a person in a browser, or the network of nobody. */
export type Caller = { user: User | null; scopes: readonly string[] | null; subject: string };
export type CurrentSession = LiveSession & { id: string };
/** Somebody who helps to run a course. */
export type CourseStaff = { user: User; course: Course; role: Role };

const callers = new WeakMap<Request, Promise<Caller>>();

export const sessionSeconds = sessionDays * 24 * 60 * 60;

/** A cookie of ours: bound to this host and to https where the installation has it, out of reach of scripts. */
export function cookieOf(name: string) {
  const secure = webEnv().origin.startsWith('https:');
  const options = { httpOnly: true, sameSite: 'lax', path: cookiePath, secure } as const;
  return { name: cookieName(name, webEnv().origin), options };
}

/** Where a request comes from, by the header that bin/server.ts sets after dropping whatever the client sent under its name. */
export async function visitor(): Promise<{ network: string; isLocal: boolean; userAgent: string }> {
  const received = await headers();
  const address = received.get('x-rostrum-address') ?? '';
  return {
    network: networkOf(address),
    isLocal: isLoopback(address),
    userAgent: received.get('user-agent') ?? '',
  };
}

/** When a request's headers were in, in milliseconds of performance.now(), by the header that bin/server.ts sets. */
export function arrivedAt(request: Request): number {
  return Number(request.headers.get('x-rostrum-arrived') ?? performance.now());
}

export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  const cookie = (await cookies()).get(cookieOf('session').name)?.value;
  const id = await sessionIdIn(cookie, webEnv().secret);
  if (id === null) return null;
  const session = await findLiveSession(webDatabase(), id);
  if (session === null || (session.user.isDemo && !(await visitor()).isLocal)) return null;
  return { id, ...session };
});

export async function currentUser(): Promise<User | null> {
  return (await currentSession())?.user ?? null;
}

/** For pages and actions: leads to the sign-in page, and from there back to where the reader was going. */
export async function requireSession(): Promise<CurrentSession> {
  const session = await currentSession();
  if (session === null) redirect(withNext('/sign-in', await requestedPath()));
  return session;
}

export async function requireUser(): Promise<User> {
  return (await requireSession()).user;
}

/** The competition as its organiser; for everybody else who is signed in there is no such competition. */
export async function requireOrganiser(slug: string): Promise<Organiser> {
  const user = await requireUser();
  const competition = await getOrganisedCompetition(webDatabase(), slug, user);
  return { user, competition };
}

/** The competition as an organiser or an assistant of it; for everybody else who is signed in there is none. */
export async function requireStaff(slug: string): Promise<Staff> {
  const user = await requireUser();
  return { user, ...(await getStaffedCompetition(webDatabase(), slug, user)) };
}

/** The course as somebody who helps to run it; for everybody else who is signed in there is none. */
export async function requireCourseStaff(slug: string): Promise<CourseStaff> {
  const user = await requireUser();
  return { user, ...(await getStaffedCourse(webDatabase(), slug, user)) };
}

/** As an organiser, who decides what counts; assistants record. */
export async function requireCourseOrganiser(slug: string): Promise<CourseStaff> {
  const staff = await requireCourseStaff(slug);
  if (staff.role !== 'organiser') throw new NotFoundError('course', slug);
  return staff;
}

/** For the API: whoever holds the bearer token, else whoever is signed in and asks from our own pages. */
export async function requireCaller(request: Request, scope: Scope): Promise<User> {
  const user = await findCaller(request, scope);
  if (user === null) throw new UnauthenticatedError();
  return user;
}

/** As `requireCaller`, and null for those who claim to be nobody. A wrong token is never nobody's. */
export async function findCaller(request: Request, scope: Scope): Promise<User | null> {
  const { user, scopes } = await identify(request);
  if (scopes !== null && !scopes.includes(scope)) throw new ScopeError(scope);
  if (scopes === null && user !== null) requireSameOrigin(request);
  return user;
}

/** Who asks, whatever they may do: limits count by `subject`. Looked up once for each request. */
export function identify(request: Request): Promise<Caller> {
  const known = callers.get(request);
  if (known !== undefined) return known;
  const authorization = request.headers.get('authorization');
  const caller = authorization === null ? callerOfSession() : callerOfToken(authorization);
  callers.set(request, caller);
  return caller;
}

/** For handlers that a cookie opens: other sites may not have anything written through it. */
export function requireSameOrigin(request: Request): void {
  if (!isSafe(request) && !isSameOrigin(request)) throw new ForbiddenError('cross-origin');
}

/**
 * The row of a new session, for somebody who has just proven who they are. No session from before goes on in this browser,
 * whoever began it. People of the demo sign in on its machine only.
 */
export async function openSession(user: User): Promise<string> {
  const { network, isLocal, userAgent } = await visitor();
  if (user.isDemo && !isLocal) throw new ForbiddenError('demo-elsewhere');
  const before = await currentSession();
  if (before !== null) await revokeSession(webDatabase(), before.user.id, before.id);
  return createSession(webDatabase(), { userId: user.id, userAgent, network });
}

/** Signs this browser in. */
export async function startSession(user: User): Promise<void> {
  const token = { sessionId: await openSession(user) };
  const { name, options } = cookieOf('session');
  const sealed = await encode({ token, secret: webEnv().secret, maxAge: sessionSeconds });
  (await cookies()).set(name, sealed, { ...options, maxAge: sessionSeconds });
}

export async function endSession(): Promise<void> {
  const session = await currentSession();
  if (session !== null) await revokeSession(webDatabase(), session.user.id, session.id);
  const { name, options } = cookieOf('session');
  (await cookies()).set(name, '', { ...options, maxAge: 0 });
}

/** Of the page that is asked for, by the header that bin/server.ts sets; without what Next's router adds for itself. */
async function requestedPath(): Promise<string> {
  const path = localPath((await headers()).get('x-rostrum-path'));
  return path.replace(/([?&])_rsc=[^&#]*(&|$)/, (_all, before: string, after: string) => (after === '&' ? before : ''));
}

async function callerOfSession(): Promise<Caller> {
  const user = await currentUser();
  const subject = user === null ? (await visitor()).network : user.id;
  return { user, scopes: null, subject };
}

async function callerOfToken(authorization: string): Promise<Caller> {
  const { network, isLocal } = await visitor();
  const secret = /^Bearer +([\w-]+)$/i.exec(authorization)?.[1] ?? '';
  const { id, user, scopes } = await countingWrongTokens(webDatabase(), network, async () => {
    const found = await findTokenUser(webDatabase(), secret);
    if (found === null || (found.user.isDemo && !isLocal)) throw new UnauthenticatedError('invalid_token');
    return found;
  });
  return { user, scopes, subject: id };
}

function isSafe(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Whether the browser says that a page of ours asks. Old browsers and plain http send an Origin instead of Sec-Fetch-Site. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host');
}

import { currentUser } from '#lib/auth.ts';
import { withBase } from '#lib/base-path.ts';
import { webEnv } from '#lib/env.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import type { ProviderProblem } from '../../../sign-in/provider-problem.tsx';
import { problemPath } from './receive.ts';

/** next-auth's answer; where it leads to its page of errors, to a page of ours instead that names the service and what to do. */
export async function explained(
  response: Response,
  providerId: string,
  problem: ProviderProblem,
  next: string,
): Promise<Response> {
  const provider = signInProviders(webEnv()).find(({ id }) => id === providerId);
  const isError = response.headers.get('location')?.includes('/api/auth/error') ?? false;
  if (provider === undefined || !isError) return response;
  const isSignedIn = (await currentUser()) !== null;
  const headers = new Headers(response.headers);
  headers.set('location', withBase(problemPath(problem, provider, isSignedIn, next)));
  return new Response(null, { status: 302, headers });
}

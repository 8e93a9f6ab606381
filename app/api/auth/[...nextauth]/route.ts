import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { explained } from './explained.ts';
import { authOptions } from './options.ts';
import { wayBackFromProvider } from './receive.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

/** What of next-auth is reachable: neither its own pages nor the door through which anybody may write into the log. */
const reachable: Record<string, readonly string[]> = {
  GET: ['callback', 'csrf', 'error', 'providers', 'session', 'signin', 'signout'],
  POST: ['callback', 'session', 'signin', 'signout'],
};

async function answer(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  const [act = '', provider = ''] = nextauth;
  if (!reachable[request.method]?.includes(act)) return new Response(null, { status: 404 });
  const isCancelled = request.nextUrl.searchParams.get('error') === 'access_denied';
  const response = await NextAuth(request, context, authOptions());
  if (act !== 'callback') return response;
  return explained(response, provider, isCancelled ? 'cancelled' : 'failed', await wayBackFromProvider());
}

export { answer as GET, answer as POST };

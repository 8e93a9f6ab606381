import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from './options.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

/** What of next-auth is reachable: neither its own pages nor the door through which anybody may write into the log. */
const reachable: Record<string, readonly string[]> = {
  GET: ['callback', 'csrf', 'error', 'providers', 'session', 'signin', 'signout'],
  POST: ['callback', 'session', 'signin', 'signout'],
};

async function answer(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  if (!reachable[request.method]?.includes(nextauth[0] ?? '')) return new Response(null, { status: 404 });
  return NextAuth(request, context, authOptions());
}

export { answer as GET, answer as POST };

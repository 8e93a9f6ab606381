import { redirect } from 'next/navigation';
import type { NextRequest } from 'next/server';
import { z } from 'zod';
import { type WebEnv, webEnv } from '#lib/env.ts';
import { log } from '#lib/log.ts';
import { providerTimeoutMs } from '../../../api/auth/[...nextauth]/outside-person.ts';

const Discovery = z.object({ end_session_endpoint: z.url({ protocol: /^https?$/ }) });

/** Leads to where somebody who has signed out here signs out of the outside service, too; to the front page where there is no such place. */
export async function GET({ nextUrl }: NextRequest): Promise<Response> {
  const { oidc, github, origin } = webEnv();
  const by = nextUrl.searchParams.get('by');
  if (by === 'github' && github !== null) redirect(`${github.url}/logout`);
  redirect((by === 'oidc' && oidc !== null && (await endOfSession(oidc, origin))) || '/');
}

/** RP-initiated logout without a hint of the person: the provider asks them. Null where it has no such page, or does not answer. */
async function endOfSession({ issuer, clientId }: NonNullable<WebEnv['oidc']>, origin: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(providerTimeoutMs);
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal });
    const address = new URL(Discovery.parse(await response.json()).end_session_endpoint);
    address.searchParams.set('client_id', clientId);
    address.searchParams.set('post_logout_redirect_uri', `${origin}/`);
    return String(address);
  } catch (error) {
    log.warn({ err: error }, 'the provider names no place to sign out at');
    return null;
  }
}

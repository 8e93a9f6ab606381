import { redirect } from 'next/navigation';
import type { NextRequest } from 'next/server';
import { withBase } from '#lib/base-path.ts';
import { webEnv } from '#lib/env.ts';
import { discover } from '#lib/identity/discovery.ts';
import type { OpenIdSettings } from '#lib/identity/settings.ts';
import { log } from '#lib/log.ts';

/** Leads to where somebody who has signed out here signs out of the service, too; to the front page where there is no such place. */
export async function GET({ nextUrl }: NextRequest): Promise<Response> {
  const { oidc, github, origin } = webEnv();
  const by = nextUrl.searchParams.get('by');
  if (by === 'github' && github !== null) redirect(`${github.url}/logout`);
  redirect((by === 'oidc' && oidc !== null && (await placeToLeave(oidc, origin))) || withBase('/'));
}

/** RP-initiated logout without a hint of the person: the provider asks them. Null where it has no such page, or does not answer. */
async function placeToLeave({ issuer, clientId }: OpenIdSettings, origin: string): Promise<string | null> {
  try {
    const { endOfSession } = await discover(issuer);
    if (endOfSession === null) return null;
    const address = new URL(endOfSession);
    address.searchParams.set('client_id', clientId);
    address.searchParams.set('post_logout_redirect_uri', `${origin}/`);
    return String(address);
  } catch (error) {
    log.warn({ err: error }, 'the provider did not say where to sign out of it');
    return null;
  }
}

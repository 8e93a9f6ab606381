import { z } from 'zod';

/** What an OpenID provider says of itself: how it spells its own name, and where people sign out of it. */
export type Discovery = { issuer: string; endOfSession: string | null };

const Metadata = z.object({
  issuer: z.string(),
  end_session_endpoint: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
});

/** Nobody stares at a white page for longer while a provider is down. */
export const providerTimeoutMs = 8_000;

/** Asks the provider. Throws where it does not answer within `providerTimeoutMs`, or with something else. */
export async function discover(issuer: string): Promise<Discovery> {
  const address = discoveryAddress(issuer);
  const response = await fetch(address, { signal: AbortSignal.timeout(providerTimeoutMs) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const { issuer: name, end_session_endpoint } = Metadata.parse(await response.json());
  return { issuer: name, endOfSession: end_session_endpoint ?? null };
}

export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

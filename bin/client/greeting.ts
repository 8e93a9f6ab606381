import type { CompetitionList, CompetitionSummary } from '#lib/api/answers.ts';
import type { Language } from '#lib/messages/language.ts';
import type { ClientEnvironment } from './environment.mjs';
import { redirectOf } from './exchange.ts';
import { NoRostrumError, RefusedByServerError } from './refusals.ts';
import { connect, type Server } from './server.ts';

/** A Rostrum, at its address as it is after redirects, such as from http to https, and what is to be found there. */
export type Greeting = { address: string; competitions: CompetitionSummary[] };

/**
 * The first of the addresses where a Rostrum answers; none of them gets to see a token. Throws what the first of them came to where
 * none is one, and UnreachableError.
 */
export async function findRostrum(
  addresses: readonly string[],
  language: Language,
  environment: ClientEnvironment,
): Promise<Greeting> {
  let refusal: unknown;
  for (const address of addresses) {
    const stranger = connect({ address, token: null, language }, environment);
    try {
      return await greet(stranger);
    } catch (error) {
      if (!(error instanceof NoRostrumError || error instanceof RefusedByServerError)) throw error;
      refusal ??= error;
    } finally {
      stranger.close();
    }
  }
  throw refusal;
}

async function greet(server: Server): Promise<Greeting> {
  const asked = await server.read(
    '/competitions',
    async ({ url, headers, status, body }) => {
      body.resume();
      if (redirectOf({ url, headers, status }) !== null || !/\bjson\b/.test(headers['content-type'] ?? '')) {
        throw new NoRostrumError(server.address, status);
      }
      return url;
    },
    { isOnce: true },
  );
  const { competitions } = await server.json<CompetitionList>('/competitions', { isOnce: true });
  return { address: asked.href.slice(0, asked.href.lastIndexOf('/api/v1/')), competitions };
}

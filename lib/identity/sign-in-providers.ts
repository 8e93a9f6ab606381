import type { WebEnv } from '#lib/env.ts';

/** An outside service that people may sign in by. `id` stands in our addresses, `key` with the identities that it gave. */
export type SignInProvider = { id: 'oidc' | 'github'; key: string; name: string };

/** Those that the installation is set up for, in the order of their buttons. */
export function signInProviders({ oidc, github }: Pick<WebEnv, 'oidc' | 'github'>): readonly SignInProvider[] {
  return [
    ...(oidc === null ? [] : [{ id: 'oidc' as const, key: oidc.issuer, name: oidc.name }]),
    ...(github === null ? [] : [{ id: 'github' as const, key: github.url, name: github.name }]),
  ];
}

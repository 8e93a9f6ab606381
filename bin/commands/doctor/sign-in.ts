import { discover, discoveryAddress } from '#lib/identity/discovery.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Check } from './checks.ts';

/** Whether the OpenID provider that people are to sign in by answers, and by the name that it is known by here. */
export async function checkProvider(issuer: string | null, origin: string, t: Translate): Promise<Check> {
  if (issuer === null) return { name: 'sign-in', status: 'note', message: t('cli.doctor-no-provider') };
  try {
    const { issuer: said } = await discover(issuer);
    return said === issuer
      ? { name: 'sign-in', status: 'ok', message: t('cli.doctor-provider', { issuer, origin }) }
      : { name: 'sign-in', status: 'problem', message: t('cli.doctor-provider-other', { issuer, said }) };
  } catch (error) {
    const values = { address: discoveryAddress(issuer), reason: reasonOf(error) };
    return { name: 'sign-in', status: 'problem', message: t('cli.doctor-provider-down', values) };
  }
}

/** fetch hides what happened in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return (cause instanceof Error && cause.message) || (error instanceof Error ? error.message : String(error));
}

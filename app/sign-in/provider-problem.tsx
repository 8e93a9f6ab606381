import { webEnv } from '#lib/env.ts';
import { signInProviders } from '#lib/identity/sign-in-providers.ts';
import { Notice } from '#ui/notice.tsx';
import { pageLanguage } from '../language.ts';
import type { Query } from './way-back.ts';

const problems = ['down', 'failed', 'cancelled', 'claim', 'not-admitted', 'taken', 'lapsed'] as const;
/** Why an outside service did not lead in. */
export type ProviderProblem = (typeof problems)[number];

/** What went wrong on the way through an outside service, as the query of the page says. */
export async function ProviderProblemNotice({ search }: { search: Query }) {
  const { t } = await pageLanguage();
  const problem = problems.find((one) => one === search.problem);
  const provider = signInProviders(webEnv()).find(({ id }) => id === search.provider);
  if (problem === undefined || provider === undefined) return null;
  return (
    <Notice kind={problem === 'cancelled' ? 'info' : 'error'} className="mb-6">
      {t(`ways.problem-${problem}`, { provider: provider.name })}
    </Notice>
  );
}

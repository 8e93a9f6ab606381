import { findAcceptance } from '#lib/db/rule-acceptances.ts';
import type { Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { withNext } from '#lib/identity/local-path.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import type { Visit } from './visit.ts';

export type StepName = 'sign-in-first' | 'rules-first' | 'rules-changed' | 'team-first';

/** What stands before the first file, in the order in which it is done: a sign-in, the rules, a team. Null where nothing does. */
export async function firstStep({ user, competition }: Visit, team: Team | null): Promise<StepName | null> {
  if (user === null) return 'sign-in-first';
  const acceptance = await findAcceptance(webDatabase(), competition.id, user.id);
  if (acceptance?.rulesVersion !== competition.rulesVersion)
    return acceptance === null ? 'rules-first' : 'rules-changed';
  return team === null ? 'team-first' : null;
}

/** `here` is the page to come back to. */
export function FirstStep({ visit: { t, slug }, name, here }: { visit: Visit; name: StepName; here: string }) {
  const rules = { href: withNext(`/c/${slug}/rules`, here), label: t('upload.to-rules') };
  const { href, label } = {
    'sign-in-first': { href: withNext('/sign-in', here), label: t('common.sign-in') },
    'rules-first': rules,
    'rules-changed': rules,
    'team-first': { href: `/c/${slug}/team`, label: t('upload.to-team') },
  }[name];
  return (
    <EmptyState title={t(`upload.${name}`)} action={<LinkButton href={href}>{label}</LinkButton>}>
      {t(`upload.${name}-text`)}
    </EmptyState>
  );
}

import type { Adjustment } from '#lib/db/adjustments.ts';
import type { Translate } from '#lib/messages/translate.ts';

/** What was agreed with a team, as a line. */
export function agreementText(t: Translate, print: (at: Date) => string, agreed: Adjustment['agreed']): string {
  if (agreed.kind === 'deadline') return t('people.agreed-deadline', { until: print(agreed.closesAt) });
  const { attempts, day } = agreed;
  if (day === null) return t('people.agreed-attempts-always', { attempts });
  return t('people.agreed-attempts-day', { attempts, day });
}

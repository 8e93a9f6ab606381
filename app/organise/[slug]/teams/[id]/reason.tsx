import type { Team } from '#lib/db/teams.ts';
import { Field } from '#ui/field.tsx';
import type { StaffDesk } from '../../staff.ts';

/** What every act on a team is sent with: which team, and why. */
export function Reason({ desk: { t }, team }: { desk: StaffDesk; team: Team }) {
  return (
    <>
      <input type="hidden" name="team" value={team.id} />
      <Field name="reason" label={t('people.reason')} hint={t('people.reason-hint')} required maxLength={500} />
    </>
  );
}

import type { User } from '#lib/auth.ts';
import { listFlagsOf, longestFlagNote, type OwnFlag } from '#lib/db/label-flags.ts';
import { findTeamOf } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { Chip } from '#ui/chip.tsx';
import { Field } from '#ui/field.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../visit.ts';
import { report } from './actions.ts';

/** A team says that a recording of test has something wrong, and sees whether somebody has looked. */
export async function Flags({ visit: v, user }: { visit: Visit; user: User }) {
  const { t, slug, competition } = v;
  const team = await findTeamOf(webDatabase(), competition.id, user.id);
  if (team === null) return null;
  const flags = await listFlagsOf(webDatabase(), competition.id, team.id);
  return (
    <Panel title={t('audit.flag-title')}>
      <p className="mb-4 max-w-prose text-soft">{t('audit.flag-text')}</p>
      <ActionForm action={report.bind(null, slug)} className="max-w-xl space-y-4">
        <Field name="id" label={t('audit.flag-id')} required maxLength={255} autoComplete="off" />
        <Field
          name="note"
          label={t('audit.flag-note')}
          hint={t('audit.flag-note-hint', { longest: longestFlagNote })}
          required
          maxLength={longestFlagNote}
        />
        <SubmitButton pending={t('audit.flag-sending')}>{t('audit.flag-send')}</SubmitButton>
      </ActionForm>
      {flags.length > 0 && <Own visit={v} flags={flags} />}
    </Panel>
  );
}

function Own({ visit: { t, formats, competition }, flags }: { visit: Visit; flags: readonly OwnFlag[] }) {
  const columns = ['flag-id', 'flag-note', 'flag-when', 'flag-state'] as const;
  return (
    <div className="mt-6">
      <Table caption={t('audit.flag-own')} columns={columns.map((column) => ({ label: t(`audit.${column}`) }))}>
        {flags.map(({ utteranceId, note, flaggedAt, isLookedAt }) => (
          <tr key={utteranceId}>
            <th scope="row" className="break-all font-mono text-sm">
              {utteranceId}
            </th>
            <td className="break-words">{note}</td>
            <td className="whitespace-nowrap">{formats.shortInstant(flaggedAt, competition.timeZone)}</td>
            <td>
              <Chip look={isLookedAt ? 'good' : 'plain'}>
                {t(isLookedAt ? 'audit.flag-looked-at' : 'audit.flag-waiting')}
              </Chip>
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

import { type LoggedEvent, listLatestEvents } from '#lib/db/overview.ts';
import { webDatabase } from '#lib/db/web.ts';
import { isMessageKey } from '#lib/messages/translate.ts';
import { Table } from '#ui/table.tsx';
import type { Desk } from './desk.ts';
import { Section } from './section.tsx';

const shown = 50;

/** The end of the log that nobody can edit: who did what, when and why. */
export async function LogSection({ desk }: { desk: Desk }) {
  const { t, formats, competition, now, print } = desk;
  const events = await listLatestEvents(webDatabase(), competition.id, shown);
  return (
    <Section id="log" title={t('organise.section-log')}>
      {events.length === 0 && <p className="text-soft">{t('organise.log-none')}</p>}
      {events.length > 0 && (
        <Table
          caption={t('organise.log-caption', { zone: formats.zone(now, competition.timeZone) })}
          columns={[
            { label: t('organise.log-at') },
            { label: t('organise.log-who') },
            { label: t('organise.log-what') },
          ]}
        >
          {events.map((event) => (
            <tr key={event.id}>
              <td className="whitespace-nowrap">{print(event.at)}</td>
              <td>{event.actor ?? t('organise.log-system')}</td>
              <td>
                {whatOf(event, desk)}
                {event.reason !== '' && (
                  <p className="text-sm text-soft">{t('organise.log-reason', { reason: event.reason })}</p>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

/** In words where there are some for it; settings by name, moved instants with where they moved. */
function whatOf({ kind, details }: LoggedEvent, desk: Desk): string {
  const key = `organise.event-${kind}`;
  const sentence = isMessageKey(key) ? desk.t(key) : kind;
  if (kind !== 'competition-changed') return sentence;
  const changes = Object.entries(details).map(([field, change]) => changeOf(field, change, desk));
  return `${sentence}: ${changes.join('; ')}`;
}

function changeOf(field: string, change: unknown, { t, print }: Desk): string {
  const key = `organise.field-${field}`;
  const name = isMessageKey(key) ? t(key) : field;
  if (typeof change !== 'object' || change === null || !('from' in change) || !('to' in change)) return name;
  const [from, to] = [valueText(change.from, t, print), valueText(change.to, t, print)];
  return from === null || to === null ? name : `${name}: ${from} → ${to}`;
}

/** Null for what is too long for a line of the log. */
function valueText(value: unknown, t: Desk['t'], print: Desk['print']): string | null {
  if (isLoggedMapping(value)) return t('organise.log-rules', { rules: value.rules });
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return '—';
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return print(new Date(value));
  return value.length <= 60 && !value.includes('\n') ? value : null;
}

function isLoggedMapping(value: unknown): value is { rules: number } {
  return typeof value === 'object' && value !== null && 'rules' in value && typeof value.rules === 'number';
}

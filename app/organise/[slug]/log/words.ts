import type { LoggedEvent } from '#lib/db/event-log.ts';
import { isEventKind } from '#lib/event-kinds.ts';
import { isMessageKey, type Translate } from '#lib/messages/translate.ts';

type Words = { t: Translate; print(instant: Date): string };

/** What happened, in words: the kind, and where the details say more, what they say. */
export function whatOf({ kind, details }: Pick<LoggedEvent, 'kind' | 'details'>, words: Words): string {
  const { t } = words;
  const sentence = isEventKind(kind) ? t(`organise.event-${kind}`) : kind;
  if (kind === 'competition-changed') {
    const changes = Object.entries(details).map(([field, change]) => changeOf(field, change, words));
    return `${sentence}: ${changes.join('; ')}`;
  }
  const more = moreOf(kind, details, t);
  return more === null ? sentence : `${sentence}: ${more}`;
}

/** What it happened to, in words; null where the kind says that already. */
export function aboutOf({ about, other }: LoggedEvent, t: Translate): string | null {
  const subject =
    about?.kind === 'file'
      ? t('log.file-of', { name: about.name || t('log.file-unnamed'), team: about.team })
      : (about?.name ?? null);
  return [subject, other === null ? null : t('log.with', { name: other })].filter(Boolean).join('; ') || null;
}

function moreOf(kind: string, { from, to, version, labelVersion, role }: Record<string, unknown>, t: Translate) {
  if (kind === 'team-renamed') return t('log.from-to', { from: String(from), to: String(to) });
  if (kind === 'board-drawn') return t('log.board-version', { version: String(version) });
  if (kind === 'labels-applied') return t('log.label-version', { version: String(to) });
  if (labelVersion !== undefined) return t('log.label-version', { version: String(labelVersion) });
  return role === 'organiser' || role === 'assistant' ? t(`organise.role-${role}`) : null;
}

function changeOf(field: string, change: unknown, { t, print }: Words): string {
  const key = `organise.field-${field}`;
  const name = isMessageKey(key) ? t(key) : field;
  if (typeof change !== 'object' || change === null || !('from' in change) || !('to' in change)) return name;
  const [from, to] = [valueText(change.from, t, print), valueText(change.to, t, print)];
  return from === null || to === null ? name : `${name}: ${from} → ${to}`;
}

/** Null for what is too long for a line of the log. */
function valueText(value: unknown, t: Translate, print: Words['print']): string | null {
  if (isLoggedMapping(value)) return t('organise.log-rules', { rules: value.rules });
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value === '') return '—';
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return print(new Date(value));
  return value.length <= 60 && !value.includes('\n') ? value : null;
}

function isLoggedMapping(value: unknown): value is { rules: number } {
  return typeof value === 'object' && value !== null && 'rules' in value && typeof value.rules === 'number';
}

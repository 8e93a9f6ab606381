import type { Competition } from '#lib/competition.ts';
import type { CompetitionChange } from '#lib/db/competitions.ts';
import { fromLocalInput, isTimeZone } from '#lib/time.ts';
import { profileNames } from '#scoring/wer/normalise.ts';

/*
 * The settings of a competition as its owner types them: `key=value`. Instants are local times of the competition's zone
 * (2026-12-01T10:00) or carry an offset; `now` and, where nothing need be set, `none` are understood.
 */

type Kind =
  | { kind: 'text'; most: number; least?: number }
  | { kind: 'whole'; least: number; most: number }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'zone' }
  | { kind: 'instant'; optional: boolean };

type Field = Exclude<keyof CompetitionChange, 'isDemo'>;
type Setting = Kind & { field: Field };

const instant = (field: Field): Setting => ({ kind: 'instant', optional: false, field });
const optionalInstant = (field: Field): Setting => ({ kind: 'instant', optional: true, field });
const text = (field: Field, most: number, least = 0): Setting => ({ kind: 'text', most, least, field });

const settings = {
  'name-ru': text('nameRu', 120, 1),
  'name-en': text('nameEn', 120, 1),
  'brief-ru': text('briefRu', 100_000),
  'brief-en': text('briefEn', 100_000),
  'rules-ru': text('rulesRu', 100_000),
  'rules-en': text('rulesEn', 100_000),
  licence: text('licence', 500),
  attribution: text('attribution', 2000),
  'time-zone': { kind: 'zone', field: 'timeZone' },
  publish: optionalInstant('publishedAt'),
  'registration-start': instant('registrationStartsAt'),
  'registration-end': instant('registrationEndsAt'),
  'team-changes-start': instant('teamChangesStartAt'),
  'team-changes-end': instant('teamChangesEndAt'),
  'train-release': instant('trainReleasedAt'),
  'dev-release': instant('devReleasedAt'),
  'test-release': instant('testReleasedAt'),
  'submissions-start': instant('submissionsStartAt'),
  'submissions-end': instant('submissionsEndAt'),
  freeze: optionalInstant('freezesAt'),
  defence: optionalInstant('defenceAt'),
  reveal: optionalInstant('revealsAt'),
  'reveal-mode': { kind: 'choice', choices: ['at-once', 'staged'], field: 'revealMode' },
  'grades-published': optionalInstant('gradesPublishedAt'),
  'team-size': { kind: 'whole', least: 1, most: 50, field: 'teamSize' },
  quota: { kind: 'whole', least: 1, most: 1000, field: 'dailyQuota' },
  policy: { kind: 'choice', choices: ['open', 'ladder'], field: 'policy' },
  profile: { kind: 'choice', choices: profileNames, field: 'profile' },
  'public-fold': { kind: 'whole', least: 1, most: 99, field: 'publicFoldPercent' },
} satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;
const settingKeys = Object.keys(settings) as SettingKey[];

/** What is wrong with one of the settings: message `cli.competition-${code}`, filled with `values`. */
export type SettingProblem = {
  code:
    | 'setting-form'
    | 'setting-unknown'
    | 'setting-length'
    | 'setting-number'
    | 'setting-choice'
    | 'setting-zone'
    | 'setting-instant';
  values: Record<string, string | number>;
};

export type SettingsRead = { ok: true; change: CompetitionChange } | { ok: false; problems: SettingProblem[] };

/** Reads `key=value` arguments, all of them: the first mistake does not hide the next. `timeZone` holds unless they set another. */
export function readSettings(typed: readonly string[], timeZone: string, now: Date): SettingsRead {
  const pairs = typed.map(splitPair);
  const zone = pairs.find(({ key }) => key === 'time-zone')?.value ?? timeZone;
  const context = { zone: isTimeZone(zone) ? zone : timeZone, now };
  const problems: SettingProblem[] = [];
  const entries: [Field, unknown][] = [];
  for (const { key, value, typed } of pairs) {
    const setting = value === null ? undefined : settingOf(key);
    if (value === null) problems.push({ code: 'setting-form', values: { typed } });
    else if (setting === undefined)
      problems.push({ code: 'setting-unknown', values: { key, known: settingKeys.join(', ') } });
    else {
      const read = readValue(setting, value, context);
      if (read.ok) entries.push([setting.field, read.value]);
      else problems.push({ code: read.code, values: { key, value, ...read.values } });
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, change: Object.fromEntries(entries) };
}

/** Every setting as it stands, in the words that `readSettings` takes; instants in UTC, null where nothing is set. */
export function writeSettings(competition: Competition): Record<SettingKey, string | number | null> {
  const entries = settingKeys.map((key) => {
    const value = competition[settings[key].field];
    return [key, value instanceof Date ? value.toISOString() : value];
  });
  return Object.fromEntries(entries);
}

function splitPair(typed: string): { key: string; value: string | null; typed: string } {
  const at = typed.indexOf('=');
  return at < 1 ? { key: '', value: null, typed } : { key: typed.slice(0, at), value: typed.slice(at + 1), typed };
}

function settingOf(key: string): Setting | undefined {
  return Object.hasOwn(settings, key) ? settings[key as SettingKey] : undefined;
}

type Context = { zone: string; now: Date };
type ValueRead =
  | { ok: true; value: unknown }
  | { ok: false; code: SettingProblem['code']; values?: Record<string, string | number> };

function readValue(setting: Setting, value: string, { zone, now }: Context): ValueRead {
  switch (setting.kind) {
    case 'text': {
      const { least = 0, most } = setting;
      const length = [...value].length;
      return length >= least && length <= most ? fine(value) : wrong('setting-length', { least, most });
    }
    case 'whole': {
      const { least, most } = setting;
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most ? fine(number) : wrong('setting-number', { least, most });
    }
    case 'choice':
      return setting.choices.includes(value)
        ? fine(value)
        : wrong('setting-choice', { choices: setting.choices.join(', ') });
    case 'zone':
      return isTimeZone(value) ? fine(value) : wrong('setting-zone');
    case 'instant': {
      if (setting.optional && value === 'none') return fine(null);
      const read = value === 'now' ? now : readInstant(value, zone);
      return read === null ? wrong('setting-instant', { zone }) : fine(read);
    }
  }
}

/** A date alone is no instant: a deadline would fall a day earlier than was meant. */
function readInstant(text: string, zone: string): Date | null {
  const hasOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!hasOffset) return fromLocalInput(text, zone);
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

function fine(value: unknown): ValueRead {
  return { ok: true, value };
}

function wrong(code: SettingProblem['code'], values: Record<string, string | number> = {}): ValueRead {
  return { ok: false, code, values };
}

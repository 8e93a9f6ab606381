import type { Language } from '#lib/messages/language.ts';

/** Numbers and times as people of one language write them: figures, true minus, units, the competition's zone. */
export type Formats = ReturnType<typeof create>;

const made = new Map<Language, Formats>();

/** Pure and safe in the browser: server and client print the same text. */
export function formatsFor(language: Language): Formats {
  const formats = made.get(language) ?? create(language);
  made.set(language, formats);
  return formats;
}

function create(language: Language) {
  const russian = language === 'ru';
  const locale = russian ? 'ru-RU' : 'en-GB';
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
      .format(value)
      .replace('-', '−');
  const percent = (ratio: number, digits = 1) => number(ratio * 100, digits) + (russian ? ' %' : '%');
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);

  return {
    /** `12 345,6` · `12,345.6` */
    number,
    /** A ratio as a bare percentage, one decimal: `12,3`. The unit stands in the column's heading. */
    rate: (ratio: number) => number(ratio * 100, 1),
    /** `12,3 %` · `12.3%` */
    percent,
    /** A difference of two ratios with its sign: `−1,2 п.п.` · `−1.2 pp`. */
    points: (ratio: number) => `${ratio > 0 ? '+' : ''}${number(ratio * 100, 1)} ${russian ? 'п.п.' : 'pp'}`,
    /** `11,1–12,5 %` · `11.1–12.5%` */
    range: (low: number, high: number) => `${number(low * 100, 1)}–${percent(high)}`,
    /** `7,9 МиБ` · `7.9 MiB` */
    bytes: (bytes: number) => {
      const power = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
      const unit = (russian ? ['Б', 'КиБ', 'МиБ', 'ГиБ'] : ['B', 'KiB', 'MiB', 'GiB'])[power]!;
      return `${number(bytes / 1024 ** power, power === 0 ? 0 : 1)} ${unit}`;
    },
    /** A length of sound: `2,6 с`, `14 мин`, `3,2 ч`. */
    seconds: (seconds: number) => {
      if (seconds < 100) return `${number(seconds, 1)} ${russian ? 'с' : 's'}`;
      if (seconds < 6000) return `${number(seconds / 60)} ${russian ? 'мин' : 'min'}`;
      return `${number(seconds / 3600, 1)} ${russian ? 'ч' : 'h'}`;
    },
    /** Time left: `6 дн 04:12:33`, `04:12:33`; never below zero. */
    countdown: (milliseconds: number) => {
      const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
      const days = Math.floor(seconds / 86_400);
      const parts = [seconds / 3600, seconds / 60, seconds].map((value, i) => Math.floor(value) % (i === 0 ? 24 : 60));
      const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
      return days > 0 ? `${days} ${russian ? 'дн' : 'd'} ${clock}` : clock;
    },
    /** `12 декабря, 18:02 МСК` · `12 December, 18:02 MSK` */
    instant: (at: Date, timeZone: string) =>
      `${parts(date({ timeZone, day: 'numeric', month: 'long' }), at)}, ${clockTime(date, at, timeZone)} ${zone(language, at, timeZone)}`,
    /** The same with the year, for what may be long ago. */
    longInstant: (at: Date, timeZone: string) =>
      `${parts(date({ timeZone, day: 'numeric', month: 'long', year: 'numeric' }), at)}, ${clockTime(date, at, timeZone)} ${zone(language, at, timeZone)}`,
    /** `12 дек., 18:02`, without the zone: for columns whose page names it. */
    shortInstant: (at: Date, timeZone: string) =>
      `${parts(date({ timeZone, day: 'numeric', month: 'short' }), at)}, ${clockTime(date, at, timeZone)}`,
    /** `18:02` */
    time: (at: Date, timeZone: string) => clockTime(date, at, timeZone),
    /** `МСК`, `UTC`, `GMT+7` */
    zone: (at: Date, timeZone: string) => zone(language, at, timeZone),
    /** `18 мин назад`, `вчера`. */
    ago: (milliseconds: number) => ago(locale, milliseconds),
  };
}

type Dates = (options: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat;

function clockTime(date: Dates, at: Date, timeZone: string): string {
  return date({ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** Without «г.» after the year, which only crowds a table. */
function parts(format: Intl.DateTimeFormat, at: Date): string {
  return format.format(at).replace(/\s*г\.$/, '');
}

/** Moscow's zone has no name in the tz database's English data, and is the one most readers live in. */
function zone(language: Language, at: Date, timeZone: string): string {
  if (timeZone === 'Europe/Moscow') return language === 'ru' ? 'МСК' : 'MSK';
  const named = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return named.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}

function ago(locale: string, milliseconds: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return relative.format(-minutes, 'minute').replace('.', '');
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), 'hour').replace('.', '');
  return relative.format(-Math.floor(minutes / 60 / 24), 'day').replace('.', '');
}

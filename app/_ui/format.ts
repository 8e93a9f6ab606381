import type { Language } from '#lib/messages/language.ts';
import { zoneName } from '#lib/zone-name.ts';

/** Numbers and times as people of one language write them: figures, true minus, units, the competition's zone. */
export type Formats = ReturnType<typeof create>;

const made = new Map<Language, Formats>();

/** Pure and safe in the browser: server and client print the same text. */
export function formatsFor(language: Language): Formats {
  const formats = made.get(language) ?? create(language);
  made.set(language, formats);
  return formats;
}

/** Between a number and its unit, its month or its zone: they stay on one line. */
const space = '\u00a0';

const units = {
  ru: { points: 'п.п.', bytes: ['Б', 'КиБ', 'МиБ', 'ГиБ'], second: 'с', minute: 'мин', hour: 'ч', day: 'дн' },
  en: { points: 'pp', bytes: ['B', 'KiB', 'MiB', 'GiB'], second: 's', minute: 'min', hour: 'h', day: 'd' },
} as const;

function create(language: Language) {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const unit = units[language];
  const number = numberFormat(locale);
  const date = dateFormat(locale);
  const time = (at: Date, timeZone: string) =>
    date(at, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const zone = (at: Date, timeZone: string) => zoneName(language, at, timeZone);
  const day = (at: Date, how: Intl.DateTimeFormatOptions) =>
    date(at, { day: 'numeric', ...how }).replace(/^(\d+) /, `$1${space}`);
  const percent = (ratio: number | null, digits = 1) =>
    ratio === null ? '—' : number(ratio * 100, digits) + (language === 'ru' ? `${space}%` : '%');

  const signed = (ratio: number) => `${ratio > 0 ? '+' : ''}${number(ratio * 100, 1)}`;

  return {
    /** `12 345,6` · `12,345.6` */
    number,
    /** A ratio as a bare percentage, one decimal: `12,3`. The unit stands in the column's heading. */
    rate: (ratio: number) => number(ratio * 100, 1),
    /** `12,3 %` · `12.3%`; a dash where there is no rate, since there is nothing to divide by. */
    percent,
    /** A difference of two ratios with its sign: `−1,2 п.п.` · `−1.2 pp`. */
    points: (ratio: number) => `${signed(ratio)}${space}${unit.points}`,
    /** Of two such differences, the unit being said beside them: `[−0,4; +2,8]`. */
    pointsRange: (low: number, high: number) => `[${signed(low)};${space}${signed(high)}]`,
    /** `11,1–12,5 %` · `11.1–12.5%` */
    range: (low: number, high: number) => `${number(low * 100, 1)}–${percent(high)}`,
    /** `7,9 МиБ` · `7.9 MiB` */
    bytes: (bytes: number) => {
      const power = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
      return `${number(bytes / 1024 ** power, power === 0 ? 0 : 1)}${space}${unit.bytes[power]}`;
    },
    /** A length of sound: `2,6 с`, `14 мин`, `3,2 ч`. */
    seconds: (seconds: number) => {
      if (seconds < 100) return `${number(seconds, 1)}${space}${unit.second}`;
      if (seconds < 6000) return `${number(seconds / 60)}${space}${unit.minute}`;
      return `${number(seconds / 3600, 1)}${space}${unit.hour}`;
    },
    /** Time left: `6 дн 04:12:33`, `04:12:33`; never below zero. */
    countdown: (milliseconds: number) => {
      const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
      const days = Math.floor(seconds / 86_400);
      const clock = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60];
      const digits = clock.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
      return days > 0 ? `${days}${space}${unit.day} ${digits}` : digits;
    },
    /** `12 декабря, 18:02 МСК` · `12 December, 18:02 MSK` */
    instant: (at: Date, timeZone: string) =>
      `${day(at, { timeZone, month: 'long' })}, ${time(at, timeZone)}${space}${zone(at, timeZone)}`,
    /** The same with the year, for what may be long ago. */
    longInstant: (at: Date, timeZone: string) => {
      const ofYear = day(at, { timeZone, month: 'long', year: 'numeric' }).replace(/\s*г\.$/, '');
      return `${ofYear}, ${time(at, timeZone)}${space}${zone(at, timeZone)}`;
    },
    /** `12 дек., 18:02`, without the zone: for columns whose page names it. */
    shortInstant: (at: Date, timeZone: string) => `${day(at, { timeZone, month: 'short' })}, ${time(at, timeZone)}`,
    /** `18:02` */
    time,
    /** `МСК`, `UTC`, `GMT+7` */
    zone,
    /** `18 мин назад`, `вчера`. */
    ago: (milliseconds: number) => ago(locale, milliseconds),
  };
}

/** Making one of Intl's formats costs a hundred times what using it does. */
function numberFormat(locale: string): (value: number, digits?: number) => string {
  const formats = new Map<number, Intl.NumberFormat>();
  return (value, digits = 0) => {
    const format =
      formats.get(digits) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
    return format.format(value).replace('-', '−');
  };
}

function dateFormat(locale: string): (at: Date, options: Intl.DateTimeFormatOptions) => string {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (at, options) => {
    const key = Object.values(options).join();
    const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
    return format.format(at);
  };
}

function ago(locale: string, milliseconds: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return relative.format(-minutes, 'minute').replace('.', '');
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), 'hour').replace('.', '');
  return relative.format(-Math.floor(minutes / 60 / 24), 'day').replace('.', '');
}

import { spellRussianNumbers } from '#lib/datasets/russian-numbers.ts';
import { type Case, cases, formAfter, type Gender, linesOf } from '#scoring/baseline/corpus/declension.ts';
import { drawBelow, type RandomSource } from '#scoring/statistics/random.ts';

/** A whole number from 0 to 999,999 in the nominative, agreeing with what is counted: двадцать одна (минута), две (секунды). */
export function cardinal(number: number, gender: Gender = 'm'): string {
  const words = spellRussianNumbers(String(number));
  if (gender === 'm') return words;
  const one = gender === 'f' ? 'одна' : 'одно';
  return words.replace(/один$/, one).replace(/два$/, gender === 'f' ? 'две' : 'два');
}

const ordinals = new Map<number, string>(
  (
    '0 нулевой 1 первый 2 второй 3 третий 4 четвёртый 5 пятый 6 шестой 7 седьмой 8 восьмой 9 девятый 10 десятый ' +
    '11 одиннадцатый 12 двенадцатый 13 тринадцатый 14 четырнадцатый 15 пятнадцатый 16 шестнадцатый 17 семнадцатый ' +
    '18 восемнадцатый 19 девятнадцатый 20 двадцатый 30 тридцатый 40 сороковой 50 пятидесятый 60 шестидесятый ' +
    '70 семидесятый 80 восьмидесятый 90 девяностый 100 сотый 200 двухсотый 300 трёхсотый 400 четырёхсотый ' +
    '500 пятисотый 600 шестисотый 700 семисотый 800 восьмисотый 900 девятисотый 1000 тысячный 2000 двухтысячный'
  )
    .match(/\d+ \S+/g)!
    .map((pair) => pair.split(' '))
    .map(([number, word]) => [Number(number), word!]),
);

const endings: Record<Gender, readonly string[]> = {
  m: ['', 'ого', 'ому', '', 'ым', 'ом'],
  f: ['ая', 'ой', 'ой', 'ую', 'ой', 'ой'],
  n: ['ое', 'ого', 'ому', 'ое', 'ым', 'ом'],
};
/** «третий» has endings of its own. */
const thirds: Record<Gender, readonly string[]> = {
  m: 'третий третьего третьему третий третьим третьем'.split(' '),
  f: 'третья третьей третьей третью третьей третьей'.split(' '),
  n: 'третье третьего третьему третье третьим третьем'.split(' '),
};

/** An ordinal from 0 to 2999; only its last word is declined: сто двадцать первого. */
export function ordinal(number: number, gender: Gender, wanted: Case): string {
  const whole = ordinals.get(number);
  const last = whole === undefined ? (number % 100 < 20 || number % 10 === 0 ? number % 100 : number % 10) : number;
  const rest = last > 0 || number % 1000 === 0 ? number - last : number;
  const tail = last > 0 || whole !== undefined ? last : number % 1000;
  const head = tail === number ? '' : `${spellRussianNumbers(String(tail === last ? rest : number - tail))} `;
  const index = cases.indexOf(wanted);
  if (tail === 3) return head + thirds[gender][index]!;
  const word = ordinals.get(tail)!;
  return head + (endings[gender][index] === '' ? word : word.slice(0, -2) + endings[gender][index]!);
}

type Unit = { gender: Gender; forms: readonly [string, string, string] };

const units: readonly Unit[] = linesOf(`
  f секунда секунды секунд
  f минута минуты минут
  m час часа часов
  m день дня дней
  f неделя недели недель
  m месяц месяца месяцев
  m год года лет
  m рубль рубля рублей
  f копейка копейки копеек
  m доллар доллара долларов
  m процент процента процентов
  m градус градуса градусов
  m метр метра метров
  m километр километра километров
  f тонна тонны тонн
  m литр литра литров
  m звонок звонка звонков
  n сообщение сообщения сообщений
  m участник участника участников
  m абонент абонента абонентов
  m человек человека человек
  f линия линии линий
  m канал канала каналов
  f попытка попытки попыток
  f страница страницы страниц
  m билет билета билетов`).map((line) => {
  const [gender, one, few, many] = line.split(' ');
  return { gender: gender as Gender, forms: [one!, few!, many!] };
});

const unitOf = (one: string) => units.find(({ forms }) => forms[0] === one)!;
const [second, minute, hour] = ['секунда', 'минута', 'час'].map(unitOf) as [Unit, Unit, Unit];
const [rouble, kopeck, degree] = ['рубль', 'копейка', 'градус'].map(unitOf) as [Unit, Unit, Unit];
const [person, participant, caller] = ['человек', 'участник', 'абонент'].map(unitOf) as [Unit, Unit, Unit];
const [metre, kilometre] = ['метр', 'километр'].map(unitOf) as [Unit, Unit];
const months = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split(' ');
const weekdays = 'понедельник вторник среда четверг пятница суббота воскресенье'.split(' ');
const genitives = 'одной двух трёх четырёх пяти шести семи восьми девяти десяти'.split(' ');
const dayParts = ['утра', 'дня', 'вечера', 'ночи'];

function counted(count: number, { gender, forms }: Unit): string {
  return `${cardinal(count, gender)} ${formAfter(count, ...forms)}`;
}

/** A phrase of numbers: one of `numberKinds`, or any counted thing, or an ordinal in any form. */
export function numberPhrase(random: RandomSource): string {
  return makers[drawBelow(random, makers.length)]!(random);
}

type Maker = (random: RandomSource) => string;

function someCounted(random: RandomSource): string {
  const count = drawBelow(random, 2) === 0 ? drawBelow(random, 100) : someNumber(random);
  return counted(count, oneOf(units, random));
}

function someOrdinal(random: RandomSource): string {
  const number = 1 + drawBelow(random, drawBelow(random, 2) === 0 ? 40 : 300);
  return ordinal(number, oneOf(['m', 'f', 'n'] as const, random), oneOf(cases, random));
}

/** Small numbers are said more often than big ones. */
function someNumber(random: RandomSource): number {
  return drawBelow(random, oneOf([21, 100, 100, 1000, 10_000, 1_000_000], random));
}

function digits(random: RandomSource): string {
  return Array.from({ length: 1 + drawBelow(random, 7) }, () => cardinal(drawBelow(random, 10))).join(' ');
}

function duration(random: RandomSource): string {
  const [long, short] = oneOf(
    [
      [hour, minute],
      [minute, second],
    ] as const,
    random,
  );
  const whole = counted(1 + drawBelow(random, 59), long);
  return drawBelow(random, 2) === 0 ? whole : `${whole} ${counted(drawBelow(random, 60), short)}`;
}

/** Seven or eleven digits, in groups as they are dictated; a group that begins with 0 is read digit by digit. */
function telephoneNumber(random: RandomSource): string {
  const groups = drawBelow(random, 2) === 0 ? [1000, 100, 100] : [10, 1000, 1000, 100, 100];
  return groups
    .map((bound) => spellRussianNumbers(String(drawBelow(random, bound)).padStart(String(bound - 1).length, '0')))
    .join(' ');
}

function money(random: RandomSource): string {
  const roubles = counted(1 + someNumber(random), rouble);
  return drawBelow(random, 2) === 0 ? roubles : `${roubles} ${counted(drawBelow(random, 100), kopeck)}`;
}

/** With minutes by the clock's display: два ноль пять, два часа пять минут. */
function timeOfDay(random: RandomSource): string {
  const [h, m] = [drawBelow(random, 24), drawBelow(random, 60)];
  if (drawBelow(random, 3) === 0) return `${cardinal(h)} ${m < 10 ? `ноль ${cardinal(m)}` : cardinal(m)}`;
  return `${counted(h, hour)} ${counted(m, minute)}`;
}

function colloquialTime(random: RandomSource): string {
  const h = 1 + drawBelow(random, 12);
  const next = ordinal(h, 'm', 'genitive');
  const fewer = oneOf(genitives, random);
  return oneOf(
    [
      `половина ${next}`,
      `четверть ${next}`,
      `${counted(1 + drawBelow(random, 29), minute)} ${next}`,
      `без ${fewer} ${fewer === 'одной' ? 'минуты' : 'минут'} ${cardinal(h)}`,
      `${counted(h, hour)} ${oneOf(dayParts, random)}`,
      `без четверти ${cardinal(h)}`,
    ],
    random,
  );
}

/** «пятого мая» is when something happens; after the name of a day it is always «пятое мая». */
function date(random: RandomSource): string {
  const day = 1 + drawBelow(random, 28);
  const wanted = drawBelow(random, 3) === 0 ? 'genitive' : 'nominative';
  const month = oneOf(months, random);
  const year = ordinal(1950 + drawBelow(random, 90), 'm', 'genitive');
  const dayAndMonth = `${ordinal(day, 'n', wanted)} ${month}`;
  const named = `${oneOf(weekdays, random)} ${ordinal(day, 'n', 'nominative')} ${month}`;
  return oneOf([dayAndMonth, `${dayAndMonth} ${year} года`, named], random);
}

function oneOf<Item>(items: readonly Item[], random: RandomSource): Item {
  return items[drawBelow(random, items.length)]!;
}

/** Kinds of numbers, as slots of sentences name them. */
export const numberKinds: Readonly<Record<string, Maker>> = {
  digit: (random) => cardinal(drawBelow(random, 10)),
  count: (random) => cardinal(someNumber(random)),
  small: (random) => cardinal(1 + drawBelow(random, 99)),
  position: (random) => ordinal(1 + drawBelow(random, 40), 'm', 'nominative'),
  degrees: (random) => counted(1 + drawBelow(random, 35), degree),
  people: (random) => counted(1 + drawBelow(random, 60), oneOf([person, participant, caller], random)),
  length: (random) => counted(1 + someNumber(random), oneOf([metre, kilometre], random)),
  digits,
  phone: telephoneNumber,
  money,
  duration,
  time: timeOfDay,
  clock: colloquialTime,
  date,
};

const makers: readonly Maker[] = [
  ...Object.values(numberKinds),
  someCounted,
  someCounted,
  someOrdinal,
  someOrdinal,
  someOrdinal,
];

const below20 = [
  'ноль один два три четыре пять шесть семь восемь девять',
  'десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать',
].flatMap((words) => words.split(' '));
const tens = 'двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто'.split(' ');
const hundreds = 'сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот'.split(' ');

/**
 * Digits written out as nominative cardinals, as a reader would most often say them («нажмите 1» → «нажмите один»).
 * A rule, not a transcription: nobody listened. Numbers of seven digits and more, and those with a leading zero, go digit by digit.
 */
export function spellRussianNumbers(text: string): string {
  return text.replace(/(\p{L}?)(\d+)(\p{L}?)/gu, (_match, before: string, digits: string, after: string) => {
    const words =
      digits.length > 6 || /^0\d/.test(digits)
        ? [...digits].map(Number).map(cardinal).join(' ')
        : cardinal(Number(digits));
    return `${before}${before && ' '}${words}${after && ' '}${after}`;
  });
}

function cardinal(number: number): string {
  if (number === 0) return below20[0]!;
  const thousands = Math.floor(number / 1000);
  return [thousands > 0 ? spellThousands(thousands) : '', spellBelow1000(number % 1000)].filter(Boolean).join(' ');
}

function spellBelow1000(number: number): string {
  const rest = number % 100;
  const words = [number >= 100 ? hundreds[Math.floor(number / 100) - 1] : ''];
  if (rest >= 20) words.push(tens[Math.floor(rest / 10) - 2], rest % 10 > 0 ? below20[rest % 10] : '');
  else if (rest > 0) words.push(below20[rest]);
  return words.filter(Boolean).join(' ');
}

/** «тысяча» is feminine: одна тысяча, две тысячи, пять тысяч. */
function spellThousands(count: number): string {
  if (count === 1) return 'тысяча';
  const words = spellBelow1000(count).replace(/один$/, 'одна').replace(/два$/, 'две');
  const isTeen = count % 100 >= 11 && count % 100 <= 14;
  const last = isTeen ? 0 : count % 10;
  return `${words} ${last === 1 ? 'тысяча' : last >= 2 && last <= 4 ? 'тысячи' : 'тысяч'}`;
}

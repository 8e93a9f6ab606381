/** What somebody might call themselves. */
export const hostileTexts = [
  '=1+1',
  '=HYPERLINK("http://evil.example","click")',
  '+7 900 000-00-00',
  '-2+3+cmd|calc!A0',
  '@SUM(1;2)',
  '  =1+1',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  'a"b;c,d',
  '007',
  '1e5',
  '2026-03-01',
  'bell\u0007 rings',
];
export const hostileSheet = {
  name: 'Ведомость',
  header: ['Имя', '=Points', 'Сумма'],
  rows: hostileTexts.map((text, i) => [text, -i / 2, i % 2 === 0 ? null : 46.67] as const),
};

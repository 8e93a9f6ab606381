import { describe, expect, test } from 'vitest';
import { isComplete, meanOf, pointsFromMarks, shareOfMarks } from '#lib/marks.ts';
import { requirePdf } from '#lib/pdf.ts';
import { bestOverTime } from '#lib/progress.ts';
import { readSpeaker, readTalk } from '#lib/talk.ts';
import { aPdf } from '../pdf-files.ts';

describe('slides', () => {
  test('are a PDF from the first byte to the last', () => {
    expect(() => requirePdf(aPdf())).not.toThrow();
    expect(() => requirePdf(aPdf({ filler: 300_000 }))).not.toThrow();
    // A cross-reference stream is an object.
    const streamed = Buffer.from(
      '%PDF-2.0\n7 0 obj\n<< /Type /XRef >>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF',
    );
    expect(() => requirePdf(streamed)).not.toThrow();
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a page of the web that has a PDF behind it', Buffer.concat([Buffer.from('<script>alert(1)</script>'), aPdf()])],
    ['a PDF with a page of the web behind it', aPdf({ after: '<script>alert(1)</script>' })],
    ['a PDF that breaks off', aPdf({ filler: 5000 }).subarray(0, 3000)],
    [
      'a PDF whose beginning is gone',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), aPdf({ filler: 5000 }).subarray(2000)]),
    ],
    ['a version that there is not', Buffer.from(aPdf().toString('latin1').replace('%PDF-1.7', '%PDF-9.7'), 'latin1')],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n%PDF-1.7', 'latin1')],
  ])('are not %s', (_name, bytes) => {
    expect(() => requirePdf(bytes)).toThrow(expect.objectContaining({ code: 'slides-no-pdf' }));
  });

  test('ask for no password', () => {
    const locked = aPdf({ trailer: '/Encrypt 9 0 R' });
    expect(() => requirePdf(locked)).toThrow(expect.objectContaining({ code: 'slides-encrypted' }));
  });
});

describe('what a team says of its talk', () => {
  test('is kept tidy', () => {
    expect(
      readTalk({ title: ' Шум\n и речь ', description: 'a\r\nb ', slidesLink: ' https://example.org/s ' }),
    ).toEqual({
      title: 'Шум и речь',
      description: 'a\nb',
      slidesLink: 'https://example.org/s',
    });
    expect(readTalk({ title: '', description: '', slidesLink: '' }).slidesLink).toBeNull();
  });

  test.each(['http://example.org', 'javascript:alert(1)', 'slides', `https://example.org/${'x'.repeat(600)}`])(
    'has no link like %s',
    (slidesLink) => {
      expect(() => readTalk({ title: '', description: '', slidesLink })).toThrow(
        expect.objectContaining({ code: 'talk-link' }),
      );
    },
  );

  test('names people as they want, in a line that can be read', () => {
    expect(readSpeaker('  Анна  «Ня» Ёлкина ')).toBe('Анна «Ня» Ёлкина');
    expect(readSpeaker('')).toBe('');
    for (const typed of ['<b>', 'a\u202eb', 'x'.repeat(81)]) {
      expect(() => readSpeaker(typed)).toThrow(expect.objectContaining({ code: 'speaker-name' }));
    }
  });
});

describe('marks', () => {
  const criteria = [
    { id: 'clear', highest: 10 },
    { id: 'new', highest: 5 },
  ];
  const give = (jurorId: string, clear: number, fresh?: number) => [
    { jurorId, criterionId: 'clear', mark: clear },
    ...(fresh === undefined ? [] : [{ jurorId, criterionId: 'new', mark: fresh }]),
  ];

  test('come to the mean of those jurors who marked by all criteria', () => {
    const marks = [...give('one', 10, 5), ...give('two', 4, 2), ...give('three', 1)];
    // 15/15 and 6/15; the third juror is not through.
    expect(shareOfMarks(criteria, marks)).toBeCloseTo(0.7, 12);
    expect(meanOf('clear', marks)).toBe(5);
    expect([isComplete(criteria, give('one', 1, 1)), isComplete(criteria, give('one', 1)), isComplete([], [])]).toEqual(
      [true, false, false],
    );
  });

  test('give points only where the organiser says how many, rounded to hundredths', () => {
    const marks = [...give('one', 3, 2)];
    expect(pointsFromMarks(null, criteria, marks)).toBeNull();
    expect(pointsFromMarks(5, criteria, marks)).toBe(1.67);
    expect(pointsFromMarks(5, criteria, [])).toBeNull();
    expect(pointsFromMarks(1, [{ id: 'clear', highest: 8 }], give('one', 1))).toBe(0.13);
  });

  test('by a criterion that is gone count no more', () => {
    expect(shareOfMarks([criteria[0]!], give('one', 5, 5))).toBe(0.5);
  });
});

test('a best over time has a step for every improvement that shows, whatever the order of entries', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 11, day));
  const entries = [
    { at: at(3), permille: 200 },
    { at: at(1), permille: 300 },
    { at: at(2), permille: 310 },
    { at: at(4), permille: 200 },
  ];
  expect(bestOverTime(entries)).toEqual([
    [at(1).toISOString(), 0.3],
    [at(3).toISOString(), 0.2],
  ]);
  expect(bestOverTime([])).toEqual([]);
});

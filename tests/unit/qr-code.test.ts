import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { QrCode } from '#ui/qr-code.tsx';

const text = 'https://rostrum.example.org/live/speech-2026';

test('the picture has every module of the code where it belongs, within a white margin of four', () => {
  const markup = renderToStaticMarkup(createElement(QrCode, { text, label: 'QR' }));
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const drawn = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  for (const [, x, y, length] of markup.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    drawn[Number(y)]!.fill(true, Number(x), Number(x) + Number(length));
  }
  expect(drawn).toEqual(data);
  expect(drawn.slice(0, 4).flat()).not.toContain(true);
  expect(drawn[4]![4]).toBe(true);
});

test('it is dark on white, whatever the page’s colours are', () => {
  const markup = renderToStaticMarkup(createElement(QrCode, { text, label: 'QR' }));
  expect(markup).toContain('fill="#fff"');
  expect(markup).toContain('fill="#000"');
});

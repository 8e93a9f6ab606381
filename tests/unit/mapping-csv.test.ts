import { expect, test } from 'vitest';
import { type Mapping, readMapping } from '#lib/mapping.ts';
import { mappingCsv } from '#lib/mapping-csv.ts';

const awkward: Mapping = [
  { from: 'ок', to: 'окей' },
  { from: 'и так далее', to: 'итд' },
  { from: 'ну', to: '' },
  { from: '#', to: 'решётка' },
  { from: '=2+2', to: '-4' },
  { from: 'a,b', to: 'say "c"' },
  { from: '"', to: ',' },
];

test('a mapping that is downloaded is read back as it was', () => {
  expect(readMapping(Buffer.from(mappingCsv(awkward)))).toEqual({ ok: true, mapping: awkward });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { describeLabelFile, type LabelFile, writeLabelFile } from '#lib/label-file.ts';
import { run } from '../../bin/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rostrum-labels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given: LabelFile = {
  competition: 'demo',
  labelVersion: 2,
  salt: Buffer.alloc(32, 0xab),
  labels: [
    { id: 'u1', fold: 'public', unit: 'speaker anna', excluded: false, references: ['всё "так"', 'все так'] },
    { id: 'u2', fold: 'private', unit: 'utterance u2', excluded: true, references: [''] },
  ],
};

test('the bytes are those of docs/en/operators/commitment.md, whatever order keys came in', () => {
  const shuffled = given.labels.map(({ references, excluded, unit, fold, id }) => ({
    references,
    excluded,
    unit,
    fold,
    id,
  }));
  const bytes = writeLabelFile({ ...given, labels: shuffled });
  expect(bytes.toString()).toBe(
    [
      `{"rostrum":"labels-1","competition":"demo","labelVersion":2,"salt":"${'ab'.repeat(32)}"}`,
      '{"id":"u1","fold":"public","unit":"speaker anna","excluded":false,"references":["всё \\"так\\"","все так"]}',
      '{"id":"u2","fold":"private","unit":"utterance u2","excluded":true,"references":[""]}',
      '',
    ].join('\n'),
  );
  expect(describeLabelFile(bytes)).toEqual({ competition: 'demo', labelVersion: 2, labels: 2 });
  expect(describeLabelFile(Buffer.from('id,text\n'))).toBeNull();
});

describe('rostrum admin verify', () => {
  const promised = createHash('sha256').update(writeLabelFile(given)).digest('hex');

  async function verify(bytes: Uint8Array, commitment: string): Promise<{ code: number; out: string; err: string }> {
    const file = join(folder, 'labels.jsonl');
    writeFileSync(file, bytes);
    const written = { out: '', err: '' };
    const keep = (stream: keyof typeof written) => (text: string | Uint8Array) => {
      written[stream] += text;
      return true;
    };
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
    const err = vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
    try {
      const code = await run(['--language', 'en', 'admin', 'verify', '--labels', file, '--commitment', commitment]);
      return { code, ...written };
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  }

  test('says that a file is the one that was promised', async () => {
    expect(await verify(writeLabelFile(given), promised.toUpperCase())).toMatchObject({
      code: 0,
      out: expect.stringContaining('competition demo, version 2, 2 utterances'),
    });
  });

  test.each([
    ['label', { ...given.labels[0]!, references: ['все "так"', 'все так'] }],
    ['fold', { ...given.labels[0]!, fold: 'private' as const }],
    ['exclusion', { ...given.labels[0]!, excluded: true }],
  ])('(control) notices one changed %s', async (_what, changed) => {
    const { code, err } = await verify(writeLabelFile({ ...given, labels: [changed, given.labels[1]!] }), promised);
    expect(code).toBe(1);
    expect(err).toContain('labels-not-promised');
  });

  test('wants a digest', async () => {
    expect((await verify(writeLabelFile(given), 'abc')).code).toBe(2);
  });
});

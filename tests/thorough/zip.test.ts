import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpackUpload, uploadPath } from '#lib/archive-uploads.ts';
import { inFolder } from '#lib/objects.ts';
import { ArchiveError } from '#lib/zip-names.ts';
import { type ZipLimits, zipLimits } from '#lib/zip-reader.ts';
import { writeZip } from '#lib/zip-writer.ts';
import { aZip, type ZipPart } from '../zip-files.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rostrum-zip-'));
  mkdirSync(join(home, 'uploads'));
});
afterEach(() => rmSync(home, { recursive: true }));

async function unpack(archive: Uint8Array, limits: ZipLimits = zipLimits): Promise<Map<string, string>> {
  writeFileSync(uploadPath(home, 'a'), archive);
  const { folder } = await unpackUpload(inFolder(home), 'a', () => {}, limits);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

async function refusal(archive: Uint8Array | readonly ZipPart[], limits?: ZipLimits): Promise<string> {
  const bytes = archive instanceof Uint8Array ? archive : aZip(archive);
  const error = await unpack(bytes, limits).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error === null) return 'taken';
  if (error instanceof ArchiveError) return error.problem.code;
  throw error;
}

const oneOfMany = { name: 'b.txt', content: 'б' };

describe('an archive', () => {
  test('is unpacked as it was packed, files stored, deflated and empty, and a comment behind', async () => {
    const long = 'слово '.repeat(400_000);
    const parts = [
      { name: 'манифест.csv', content: long, deflated: true },
      { name: 'звук/1.wav', content: 'RIFF' },
      { name: 'звук/', mode: 0o040755 },
      { name: 'пусто.txt', deflated: true },
    ];
    const files = await unpack(aZip(parts, 'a comment with PK\x05\x06 in it'));
    expect([...files.keys()]).toEqual(['звук/1.wav', 'манифест.csv', 'пусто.txt']);
    expect(Buffer.from(files.get('манифест.csv')!, 'latin1').toString()).toBe(long);
  });

  test('that holds one folder is that folder; what file managers put in is left out', async () => {
    const names = [
      'speech/data/manifest.csv',
      'speech/data/clips/1.wav',
      '__MACOSX/speech/._1.wav',
      'speech/.DS_Store',
    ];
    const files = await unpack(aZip(names.map((name) => ({ name, content: name }))));
    expect([...files.keys()]).toEqual(['clips/1.wav', 'manifest.csv']);
  });

  test('has names in UTF-8, with its sign or without, in the code page of DOS, and with backslashes', async () => {
    const names = [
      Buffer.from('без-знака-й.txt'),
      Buffer.from('8fe0a8a2a5e22e747874', 'hex'),
      Buffer.from('a\\b.txt'),
      'и\u0306.txt',
    ];
    const files = await unpack(aZip(names.map((name) => ({ name }))));
    expect([...files.keys()]).toEqual(['a/b.txt', 'Привет.txt', 'без-знака-й.txt', 'й.txt']);
  });

  test.each([
    '../out.txt',
    'a/../../out.txt',
    '/etc/passwd',
    'C:\\Windows\\x',
    '..\\out.txt',
    'a//b',
    './a',
    'a\0.wav',
    'a\nb',
    '',
    `${'я'.repeat(200)}.wav`,
    `${'a/'.repeat(600)}b`,
  ])('with a file named %j is refused, and nothing is written', async (name) => {
    expect(await refusal([oneOfMany, { name, content: 'x' }])).toBe('archive-name');
    expect(existsSync(join(home, 'uploads/a'))).toBe(false);
    expect(readdirSync(home)).toEqual(['uploads']);
  });

  test.each<[string, ZipPart[], string]>([
    ['a link', [{ name: 'l', content: '/etc/passwd', mode: 0o120777 }], 'archive-link'],
    ['a device', [{ name: 'd', mode: 0o020666 }], 'archive-link'],
    ['a password', [{ name: 'x', flags: 1 }], 'archive-locked'],
    ['another method', [{ name: 'x', method: 14 }], 'archive-method'],
    ['a file twice', [oneOfMany, oneOfMany], 'archive-name-twice'],
    ['a file that is a folder, too', [{ name: 'a' }, { name: 'a/b' }], 'archive-name-twice'],
    ['another checksum', [{ name: 'x', content: 'abc', crc32: 1 }], 'archive-entry'],
    ['less than it says', [{ name: 'x', content: 'abc', deflated: true, bytes: 5 }], 'archive-entry'],
    ['more than it says', [{ name: 'x', content: 'abcdef', deflated: true, bytes: 5 }], 'archive-entry'],
    ['a file that begins nowhere', [{ name: 'x', content: 'abc', headerAt: 7_000 }], 'archive-broken'],
    ['a file that is another as well', [oneOfMany, { name: 'x', content: 'б', headerAt: 0 }], 'archive-broken'],
  ])('with %s is refused', async (_, parts, code) => {
    expect(await refusal(parts)).toBe(code);
  });

  test('that is cut off anywhere, or is no archive, is refused', async () => {
    const whole = aZip([oneOfMany, { name: 'c', content: 'x'.repeat(100), deflated: true }]);
    expect(await refusal(whole)).toBe('taken');
    for (let bytes = 0; bytes < whole.length; bytes += 3) {
      expect(await refusal(whole.subarray(0, bytes)), `${bytes}`).toBe('archive-broken');
    }
    expect(await refusal(Buffer.from('PK, but no archive'))).toBe('archive-broken');
  });

  test('that would grow beyond measure is refused before anything is unpacked', async () => {
    const zeros = Buffer.alloc(8_000_000);
    const bomb = aZip([{ name: 'zeros', content: zeros, deflated: true }]);
    expect(await refusal(bomb, { ...zipLimits, harmlessBytes: 2 ** 20 })).toBe('archive-unpacked');
    expect(await refusal(bomb, { ...zipLimits, unpackedBytes: 2 ** 20 })).toBe('archive-unpacked');
    expect(await refusal(bomb)).toBe('taken');
    const lying = aZip([{ name: 'zeros', content: zeros, deflated: true, bytes: 1_000 }]);
    expect(await refusal(lying)).toBe('archive-entry');
    const many = Array.from({ length: 11 }, (_, i) => ({ name: `${i}` }));
    expect(await refusal(many, { ...zipLimits, entries: 10 })).toBe('archive-entries');
  });
});

describe('an archive of ours', () => {
  const filesOf = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, i) => {
      const content = Buffer.alloc(bytes, `${i} `);
      async function* read() {
        yield content;
      }
      return { name: `записи/${i}.wav`, bytes, read };
    });
  const written = async (files: ReturnType<typeof filesOf>) => {
    const pieces: Buffer[] = [];
    for await (const piece of writeZip(files)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const examined = (archive: Uint8Array) => {
    const path = join(home, 'ours.zip');
    writeFileSync(path, archive);
    const script = `import zipfile, sys; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip() if len(z.namelist()) < 99 else 'None', len(z.namelist()), z.namelist()[-1])`;
    return execFileSync('python3', ['-c', script, path], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONUTF8: '1' },
    }).trim();
  };

  test('is read by others and by ourselves, small files and large ones', async () => {
    const archive = await written([...filesOf(3, 1_000), ...filesOf(5, 400_000).slice(4)]);
    expect(examined(archive)).toBe('None 4 записи/4.wav');
    expect((await unpack(archive)).size).toBe(4);
  });

  test('of 66,000 files is made in a moment, and is read by others', async () => {
    const started = performance.now();
    const archive = await written(filesOf(66_000, 1));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(examined(archive)).toBe('None 66000 записи/65999.wav');
  });

  test('is given up where a file is no longer as long as it was', async () => {
    const [file] = filesOf(1, 10);
    await expect(written([{ ...file!, bytes: 11 }])).rejects.toThrow('no longer');
  });
});

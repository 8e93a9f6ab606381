import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { localLimits } from '#lib/predictions/limits.ts';
import type { FileSource } from '#lib/predictions/source.ts';
import { totalOf } from '#scoring/columns.ts';
import { prepareReferences, type References, readReferences, scoreFile, scoreFilePlainly } from '#scoring/corpus.ts';
import { orNull } from '#scoring/kernel/functions.ts';
import { leaseKernel } from '#scoring/kernel/lease.ts';
import { residentFromFile } from '#scoring/kernel/resident.ts';
import { createNormaliser, type ProfileName } from '#scoring/wer/normalise.ts';
import { openUnpacked, UnreadableFileError } from '../../bin/commands/problems.ts';
import { resultOf } from '../kernel-both-ways.ts';

const onlyWords = { characters: null };

function referencesOf(file: Uint8Array | FileSource, profile: ProfileName = 'raw'): References {
  const read = readReferences(file, createNormaliser(profile));
  if (!read.ok) throw new Error('these references are sound');
  return read.references;
}

/** As the plain path scores them; both results as plain data. */
function scoredBothWays(references: References, text: string) {
  const file = Buffer.from(text);
  return {
    fast: resultOf(scoreFile(references, file, onlyWords), references),
    plain: resultOf(scoreFilePlainly(references, file, onlyWords), references),
  };
}

describe('references that are known already', () => {
  const records = [
    { id: 'b', references: ['раз, два', 'раз два три'] },
    { id: 'a', references: ['Ещё {раз}'] },
    { id: 'и\u0306', references: ['😀 пять'] },
  ] as const;

  test('give the same for one file after another, with alternatives and odd characters', () => {
    const references = prepareReferences(records, createNormaliser('ru'));
    for (const text of ['раз два три', 'ещё раз', '😀 пять', '']) {
      const file = Buffer.from(`a ${text}\nb ${text}\nй ${text}\n`);
      const options = { characters: 'without-spaces' } as const;
      expect(resultOf(scoreFile(references, file, options), references)).toEqual(
        resultOf(scoreFilePlainly(references, file, options), references),
      );
    }
  });

  test('a zero byte in a text does not shift the others', () => {
    const odd = prepareReferences(
      [
        { id: 'a', references: ['x\0y'] },
        { id: 'y', references: ['z'] },
      ],
      createNormaliser('raw'),
    );
    const scored = scoreFile(odd, Buffer.from('a x\ny z\n'), { characters: null });
    expect(scored.ok && totalOf(scored.words)).toMatchObject({ hits: 1, substitutions: 1 });
  });

  test('counts of one file stay as they are when another is scored', () => {
    const references = prepareReferences([{ id: 'a', references: ['раз два'] }], createNormaliser('raw'));
    const first = scoreFile(references, Buffer.from('a раз два\n'), { characters: null });
    scoreFile(references, Buffer.from('a три\n'), { characters: null });
    expect(first.ok && [totalOf(first.words).hits, first.hypothesisOf(0)]).toEqual([2, 'раз два']);
  });
});

describe('several references at once', () => {
  const first = Buffer.from('u1 раз два\nu2 три\nu3 \n');
  const second = Buffer.from('v2 Пять, шесть\nv1 СЕМЬ 8\n');

  test('keep apart, whatever the order in which they are asked', () => {
    const numbers = referencesOf(first);
    const others = referencesOf(second, 'ru');
    for (const [mine, theirs] of [
      ['u1 раз\nu2 три\nu3 да\n', 'v1 семь 8\nv2 пять\n'],
      ['u3 \nu2 два\nu1 раз два\n', 'v2 пять шесть\nv1 восемь\n'],
    ] as const) {
      for (const [references, text] of [
        [numbers, mine],
        [others, theirs],
        [numbers, mine],
      ] as const) {
        const { fast, plain } = scoredBothWays(references, text);
        expect(fast).toEqual(plain);
        expect(fast).not.toHaveProperty('ok', false);
      }
    }
    expect([numbers.idOf(0), numbers.textsOf(0)[0], others.idOf(0)]).toEqual(['u1', 'раз два', 'v2']);
  });

  test('have no trace of those whose memory they got', () => {
    const odd = Array.from({ length: 500 }, (_, i) => `a${i} 😀 {Ёлка} Раз, два ${i}`).join('\n');
    const known = Array.from({ length: 500 }, (_, i) => ({ id: `a${i}`, references: [`😀 ${i}`] }) as const);
    for (let round = 0; round < 3; round += 1) {
      referencesOf(Buffer.from(odd.replaceAll(/[{}]/g, '')), 'ru').release();
      prepareReferences(known, createNormaliser('ru')).release();
      const next = referencesOf(first);
      const { fast, plain } = scoredBothWays(next, 'u2 три\nu1 раз\nu3 да\n');
      expect(fast).toEqual(plain);
      next.release();
    }
  });

  test('tell nothing once they are released', () => {
    const references = referencesOf(first);
    references.release();
    const others = referencesOf(second);
    expect(() => references.idOf(0)).toThrow('released');
    expect(() => scoreFile(references, first, onlyWords)).toThrow('released');
    expect(others.idOf(0)).toBe('v2');
  });
});

describe('the memory of a kernel', () => {
  test('is used again once it is released, and only then', () => {
    const [one, other] = [leaseKernel()!, leaseKernel()!];
    const [kernel, otherKernel] = [one.kernel(), other.kernel()];
    expect(kernel).not.toBe(otherKernel);
    one.release();
    const next = leaseKernel()!;
    expect(next.kernel()).toBe(kernel);
    other.release();
    one.release();
    expect(leaseKernel()!.kernel()).toBe(otherKernel);
  });

  test('is not kept where a file made it very large', () => {
    const lease = leaseKernel()!;
    const kernel = lease.kernel();
    kernel.ensureMemory(2 ** 28);
    lease.release();
    expect(leaseKernel()!.kernel()).not.toBe(kernel);
  });

  test('ends somewhere, and TypeScript counts what is beyond', () => {
    const references = referencesOf(Buffer.from('u1 раз два\nu2 три\n'));
    const bytes = Buffer.from('u1 раз\nu2 три\n');
    const options = { characters: null, format: undefined, limits: localLimits };
    const huge = () => seeming(bytes, 4.2e9);
    expect(residentFromFile(bytes, createNormaliser('raw'), options)).not.toBeNull();
    expect(orNull(() => residentFromFile(huge(), createNormaliser('raw'), options))).toBeNull();
    expect(
      orNull(() =>
        leaseKernel()!
          .kernel()
          .ensureMemory(2 ** 32 - 1),
      ),
    ).toBeNull();
    const scored = scoreFile(references, huge(), onlyWords);
    expect(resultOf(scored, references)).toEqual(resultOf(scoreFilePlainly(references, bytes, onlyWords), references));
    expect(referencesOf(huge()).textsOf(0)).toEqual(['раз']);
  });

  /** A file that is as large as this when it is first asked, as far as the kernel knows. */
  function seeming(bytes: Uint8Array, size: number): FileSource {
    const sizes = [size];
    return {
      get size() {
        return sizes.pop() ?? bytes.length;
      },
      readInto: (target) => target.set(bytes),
    };
  }
});

describe('files that are read straight into it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-kernel-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileOf = (name: string, bytes: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const reference = 'u1 раз, два\nu2 три\nu3 😀\n';
  const texts = [
    'u1 раз два\nu2 Три\nu3 😀\n',
    'id,text\nu3,"да, ""нет"""\nu1,раз\nu2,три\n',
    'u1 раз\nu2\nu3 😀 да\n',
  ];

  test('come out as those in hand, and keep their texts when others follow', async () => {
    const references = referencesOf(await openUnpacked(fileOf('reference', reference), localLimits), 'ru');
    const inHand = referencesOf(Buffer.from(reference), 'ru');
    const sources = await Promise.all(texts.map((text, i) => openUnpacked(fileOf(`${i}`, text), localLimits)));
    const scored = sources.map((source) => scoreFile(references, source, { characters: 'with-spaces' }));
    scored.forEach((one, i) => {
      const expected = scoreFile(inHand, Buffer.from(texts[i]!), { characters: 'with-spaces' });
      expect(resultOf(one, references)).toEqual(resultOf(expected, inHand));
    });
    const [first] = scored;
    references.release();
    expect(() => first!.ok && first!.hypothesisOf(0)).toThrow('released');
  });

  test('have the problems they have otherwise', async () => {
    const references = referencesOf(Buffer.from(reference));
    const broken = await openUnpacked(fileOf('broken', 'u1 раз\nu1 два\n'), localLimits);
    expect(scoreFile(references, broken, onlyWords)).toEqual(
      scoreFilePlainly(references, Buffer.from('u1 раз\nu1 два\n'), onlyWords),
    );
  });

  test('may be packed', async () => {
    const references = referencesOf(await openUnpacked(fileOf('reference.gz', gzipSync(reference)), localLimits));
    expect(references.textsOf(2)).toEqual(['😀']);
  });

  test('may be pipes, which are read once', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', 'printf "u1 раз\\n" > "$0"', path]);
    const [file, [status]] = await Promise.all([openUnpacked(path, localLimits), once(writer, 'exit')]);
    expect([status, referencesOf(file).textsOf(0)]).toEqual([0, ['раз']]);
  });

  test('are unreadable where they are gone or became shorter', async () => {
    await expect(openUnpacked(join(folder, 'nowhere'), localLimits)).rejects.toThrow(UnreadableFileError);
    const path = fileOf('short', reference);
    const source = await openUnpacked(path, localLimits);
    truncateSync(path, 4);
    expect(() => referencesOf(source)).toThrow(UnreadableFileError);
  });
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelFolder, shippedModel } from '#lib/baseline-models.ts';
import { demoPhrases } from '#lib/datasets/demo-phrases.ts';
import demoSplits from '#lib/datasets/demo-splits.json' with { type: 'json' };
import { phraseId, splitOf } from '#lib/datasets/demo-synthesis.ts';
import { parsePredictions } from '#lib/predictions.ts';
import {
  type DemoEntry,
  demoEntries,
  demoFile,
  demoFilePath,
  demoModelsPath,
  demoTeams,
} from '../../bin/demo/entries.ts';
import { fingerprintModel } from '../../bin/demo/fingerprint.ts';

const kinds = ['recorded', 'synthesised'] as const;
const phrasesOf = (split: 'test' | 'dev') =>
  demoPhrases.flatMap((_, index) => (splitOf(index) === split ? [phraseId(index)] : []));
const speech = {
  recorded: demoSplits,
  synthesised: { test: phrasesOf('test'), dev: phrasesOf('dev') },
};

function parse(kind: (typeof kinds)[number], entry: DemoEntry, ids = speech[kind][entry.split]) {
  return parsePredictions(demoFile(kind, ids, entry).bytes, { expected: ids.map((id) => ({ id, seconds: 60 })) });
}

test('the files of demo teams are taken as what they are, and one is refused for several reasons', () => {
  for (const kind of kinds) {
    for (const entry of demoEntries) {
      const parsed = parse(kind, entry);
      expect(parsed.ok).toBe(!entry.isBroken);
      if (parsed.ok) expect(parsed.format).toBe(entry.format);
      else {
        expect(Object.keys(parsed.counts).sort()).toEqual([
          'id-duplicate',
          'id-missing',
          'id-unknown',
          'quote-unclosed',
        ]);
      }
    }
  }
});

test('what our models said of every recording of test and dev is in the files, and only that', () => {
  for (const kind of kinds) {
    for (const { file } of demoEntries) {
      const [header, ...lines] = readFileSync(demoFilePath(kind, file), 'utf8').trimEnd().split('\n');
      expect(header).toBe('id,text');
      expect(lines.map((line) => line.slice(0, line.indexOf(',')))).toEqual(
        [...speech[kind].test, ...speech[kind].dev].sort(),
      );
      expect(lines.every((line) => /^[^,]+,[а-я ]*$/.test(line))).toBe(true);
    }
  }
});

test('a release of the recordings with another recording or one fewer gets whole files, too', () => {
  for (const entry of demoEntries.filter(({ isBroken }) => !isBroken)) {
    const ids = ['a-new-one', ...speech.recorded[entry.split].slice(1)];
    expect(parse('recorded', entry, ids).ok).toBe(true);
  }
});

test('every demo team has a file that counts and one for the lab, none more than its quota, and they come in order', () => {
  const days = demoEntries.map(({ day }) => day);
  expect(days).toEqual(days.toSorted((a, b) => a - b));
  expect(new Set(days).size).toBe(days.length);
  for (const team of demoTeams.keys()) {
    const taken = demoEntries.filter((entry) => entry.team === team && !entry.isBroken);
    const counted = taken.filter(({ split }) => split === 'test');
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.length).toBeLessThanOrEqual(5);
    expect(taken.some(({ split }) => split === 'dev')).toBe(true);
  }
});

test('the files of the trained model are those of the model that is shipped', async () => {
  const { early, final } = JSON.parse(readFileSync(demoModelsPath, 'utf8')) as Record<string, { fingerprint: string }>;
  expect(await fingerprintModel(modelFolder('', shippedModel))).toBe(final!.fingerprint);
  expect(early!.fingerprint).not.toBe(final!.fingerprint);
});

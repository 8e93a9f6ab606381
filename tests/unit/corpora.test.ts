import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateManifests } from '#lib/datasets/locate.ts';
import { type PrepareOptions, prepareDataset } from '#lib/datasets/prepare.ts';
import { inFolder } from '#lib/objects.ts';
import { aWav, samples16 } from '../wav-files.ts';

/** Corpora as they are published, on disk. */
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-corpora-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array): void {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

/** Half a second that sounds like no other. */
function putWav(path: string, number: number, seconds = 0.5): void {
  put(path, aWav({ data: samples16(Array.from({ length: seconds * 8000 }, (_, i) => (i * number) % 3000)) }));
}

async function prepare(path: string, options: Partial<PrepareOptions> = {}) {
  const files = locateManifests(join(folder, path));
  const prepared = await prepareDataset(files, {
    place: inFolder(join(folder, 'home')),
    salt: Buffer.alloc(32, 1),
    onProgress: () => {},
    ...options,
  });
  const problems = prepared.reports.flatMap(({ problems: found }) => found.problems);
  return {
    files,
    utterances: prepared.status === 'ready' ? prepared.utterances : [],
    problems: problems.map(({ line, code, values }) => [line, code, Object.values(values)[0]]),
  };
}

describe('Common Voice', () => {
  const head = 'client_id\tpath\tsentence_id\tsentence\tup_votes\tage\tgender';
  const speaker = (letter: string) => letter.repeat(128);

  test('is read from its tables, one per split, with recordings in clips', async () => {
    put('cv/train.tsv', `${head}\n${speaker('a')}\tru_1.wav\tx\tСказал "да\t2\tteens\tfemale\n`);
    put('cv/test.tsv', `${head}\r\n${speaker('b')}\tru_2.wav\ty\tНет.\t2\r\n`);
    putWav('cv/clips/ru_1.wav', 3);
    putWav('cv/clips/ru_2.wav', 5);
    const { utterances, problems } = await prepare('cv');
    expect(problems).toEqual([]);
    expect(utterances).toMatchObject([
      {
        id: 'ru_1',
        split: 'train',
        reference: 'Сказал "да',
        speaker: speaker('a'),
        slices: { age: 'teens', gender: 'female' },
      },
      { id: 'ru_2', split: 'test', reference: 'Нет.', speaker: speaker('b'), slices: {} },
    ]);
  });

  test('names another column for the speaker where it is asked to', async () => {
    put('cv/train.tsv', `client_id\tpath\tsentence\tgender\n${speaker('a')}\tru_1.wav\tда\tfemale\n`);
    putWav('cv/clips/ru_1.wav', 3);
    const { utterances } = await prepare('cv', { speakerKey: 'gender' });
    expect(utterances).toMatchObject([{ speaker: 'female', slices: {} }]);
  });

  test('with a column missing or a row too long is refused there', async () => {
    put('cv/train.tsv', `client_id\tpath\tsentence\n${speaker('a')}\t1.wav\tда\tда\n`);
    expect((await prepare('cv')).problems).toEqual([[2, 'fields-many', 4]]);
    put('cv/train.tsv', 'client_id\tpath\tsentence_id\n');
    expect((await prepare('cv/train.tsv', { format: 'common-voice' })).problems).toMatchObject([
      [1, 'column-missing', 'sentence'],
    ]);
  });
});

describe('LibriSpeech', () => {
  test('is read from the transcripts of all chapters, with splits by folder and speakers by id', async () => {
    put('LibriSpeech/dev-clean/84/121/84-121.trans.txt', '84-121-0000 GO DO\n84-121-0001 NO\n');
    put('LibriSpeech/train-clean-100/19/198/19-198.trans.txt', '19-198-0000 YES\n');
    for (const [i, name] of [
      'dev-clean/84/121/84-121-0000',
      'dev-clean/84/121/84-121-0001',
      'train-clean-100/19/198/19-198-0000',
    ].entries()) {
      putWav(`LibriSpeech/${name}.wav`, 3 + i);
    }
    const { utterances, problems } = await prepare('LibriSpeech');
    expect(problems).toEqual([]);
    expect(utterances).toMatchObject([
      { id: '84-121-0000', split: 'dev', reference: 'GO DO', speaker: '84' },
      { id: '84-121-0001', split: 'dev', reference: 'NO', speaker: '84' },
      { id: '19-198-0000', split: 'train', reference: 'YES', speaker: '19' },
    ]);
  });

  test('can be imported by one of its folders', async () => {
    put('LibriSpeech/test-other/1/2/1-2.trans.txt', '1-2-0000 GO\n');
    putWav('LibriSpeech/test-other/1/2/1-2-0000.wav', 3);
    expect((await prepare('LibriSpeech/test-other')).utterances).toMatchObject([{ id: '1-2-0000', split: 'test' }]);
  });
});

describe('a Kaldi directory', () => {
  test('joins text, recordings, stretches, durations and speakers by id', async () => {
    put('data/text', 'u1 да\nu2 нет нет\nu3\n');
    put('data/wav.scp', 'u1 audio/1.wav\nlong audio/long.wav\n');
    put('data/segments', 'u2 long 0.25 0.75\nu3 long 0.75 -1\n');
    put('data/utt2dur', 'u1 0.5\nu3 0.25\n');
    put('data/utt2spk', 'u1 anna\nu2 boris\nu3 boris\n');
    putWav('data/audio/1.wav', 3);
    putWav('data/audio/long.wav', 5, 1);
    const { utterances, problems } = await prepare('data', { split: 'dev' });
    expect(problems).toEqual([]);
    expect(utterances).toMatchObject([
      { id: 'u1', reference: 'да', speaker: 'anna', seconds: 0.5 },
      { id: 'u2', reference: 'нет нет', speaker: 'boris', seconds: 0.5 },
      { id: 'u3', reference: '', speaker: 'boris', seconds: 0.25 },
    ]);
  });

  test('of each split is found by its folder', async () => {
    for (const [i, split] of ['train', 'test'].entries()) {
      put(`data/${split}/text`, `${split}-1 да\n`);
      put(`data/${split}/wav.scp`, `${split}-1 1.wav\n`);
      putWav(`data/${split}/1.wav`, 3 + i);
    }
    const { utterances } = await prepare('data');
    expect(utterances.map(({ id, split }) => [id, split])).toEqual([
      ['train-1', 'train'],
      ['test-1', 'test'],
    ]);
  });

  test('never runs a command, and says where a recording has no line', async () => {
    put('data/text', 'u1 да\nu2 нет\n');
    put('data/wav.scp', 'u1 touch hacked; sph2pipe 1.sph |\n');
    expect((await prepare('data')).problems).toEqual([
      [1, 'dataset-kaldi-command', 'touch hacked; sph2pipe 1.sph |'],
      [2, 'dataset-kaldi-recording', 'u2'],
    ]);
  });

  test('may not name files by way of a link that leads out of where imports are allowed from', async () => {
    put('in/data/text', 'u1 да\n');
    put('secret/scp', 'u1 1.wav\n');
    putWav('in/data/1.wav', 3);
    const within = join(folder, 'in');
    symlinkSync(join(folder, 'secret/scp'), join(folder, 'in/data/wav.scp'));
    expect((await prepare('in/data', { within })).problems).toEqual([[1, 'dataset-kaldi-recording', 'u1']]);
    expect((await prepare('in/data')).utterances).toHaveLength(1);
  });
});

test('a folder without any manifest has none', () => {
  mkdirSync(join(folder, 'empty/inside'), { recursive: true });
  expect(locateManifests(join(folder, 'empty'))).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ArchivedUtterance, buildArchive } from '#lib/archives.ts';
import { bytesInMemory } from '#lib/datasets/byte-source.ts';
import { locateManifests } from '#lib/datasets/locate.ts';
import { type PrepareOptions, prepareDataset } from '#lib/datasets/prepare.ts';
import { inspectRecording } from '#lib/datasets/recording.ts';
import { readWavHeader } from '#lib/datasets/wav.ts';
import { archivePath, recordingPath } from '#lib/objects/folder.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { parseReferences } from '#lib/predictions/references.ts';
import { aWav, samples16 } from '../wav-files.ts';

let folder = '';
const home = () => join(folder, 'home');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-recordings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

/** A WAV that sounds like no other. */
function wavOf(number: number, seconds = 0.1): Uint8Array {
  return aWav({ data: samples16(Array.from({ length: Math.round(seconds * 8000) }, (_, i) => (i * number) % 3000)) });
}

async function prepare(path: string, options: Partial<PrepareOptions> = {}) {
  const prepared = await prepareDataset(locateManifests(join(folder, path)), {
    place: inFolder(home()),
    salt: Buffer.alloc(32, 1),
    onProgress: () => {},
    ...options,
  });
  const problems = prepared.reports.flatMap(({ problems: { problems } }) => problems);
  return {
    prepared,
    utterances: prepared.status === 'ready' ? prepared.utterances : [],
    problems: problems.map(({ line, code, values }) => `${line} ${code} ${values.path ?? values.id ?? ''}`.trim()),
    warnings: prepared.reports.flatMap(({ warnings }) => warnings.map(({ code }) => code)),
  };
}

test('a recording is kept under its SHA-256, once, and nothing half written stays', async () => {
  const bytes = wavOf(3);
  const fromBytes = await storeRecording(inFolder(home()), bytes);
  const path = recordingPath(home(), fromBytes.sha256);
  const written = statSync(path).mtimeMs;
  const fromFile = await storeRecording(inFolder(home()), put('in/a.wav', bytes));
  expect(fromFile).toEqual(fromBytes);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(statSync(path).mtimeMs).toBe(written);
  expect(readdirSync(dirname(path))).toEqual([fromBytes.sha256.toString('hex')]);
});

test('a recording that was cut off on the disk is written again', async () => {
  const bytes = wavOf(3);
  const { sha256 } = await storeRecording(inFolder(home()), bytes);
  writeFileSync(recordingPath(home(), sha256), bytes.subarray(0, 100));
  await storeRecording(inFolder(home()), bytes);
  expect(readFileSync(recordingPath(home(), sha256)).equals(bytes)).toBe(true);
});

async function archived(count: number, given: Partial<ArchivedUtterance> = {}): Promise<ArchivedUtterance[]> {
  const list: ArchivedUtterance[] = [];
  for (let i = 1; i <= count; i++) {
    const stored = await storeRecording(inFolder(home()), wavOf(i));
    const names = { id: `a/${i}`, fileName: `a/${i}.wav` };
    list.push({
      ...stored,
      ...names,
      seconds: 0.1,
      reference: `слово, ${i}`,
      alternatives: [],
      slices: { room: 'hall' },
      ...given,
    });
  }
  return list;
}

test('an archive of a split can be imported again as it is', async () => {
  const utterances = await archived(3);
  const archive = await buildArchive(inFolder(home()), 'dev', utterances);
  expect(statSync(archivePath(home(), archive.sha256)).size).toBe(archive.bytes);
  execFileSync('python3', ['-m', 'zipfile', '-e', archivePath(home(), archive.sha256), join(folder, 'out')]);
  const again = await prepare('out');
  expect(again.problems).toEqual([]);
  expect(
    again.utterances.map(({ id, split, reference, slices, sha256 }) => [id, split, reference, slices, sha256]),
  ).toEqual(utterances.map(({ id, reference, slices, sha256 }) => [id, 'dev', reference, slices, sha256]));
});

test('other wordings in an archive are imported again as they are, silence too', async () => {
  const [one, two, three] = await archived(3);
  const utterances = [
    { ...one!, alternatives: ['другое слово', ''] },
    { ...two!, reference: '', alternatives: ['слово'] },
    { ...three!, reference: '' },
  ];
  const archive = await buildArchive(inFolder(home()), 'dev', utterances);
  execFileSync('python3', ['-m', 'zipfile', '-e', archivePath(home(), archive.sha256), join(folder, 'worded')]);
  const manifest = readFileSync(join(folder, 'worded/dev/manifest.csv'));
  expect(manifest.toString().split('\r\n')[0]).toBe('id,audio,split,duration,text,text_2,text_3,room');
  const again = await prepare('worded');
  expect(again.problems).toEqual([]);
  const wordings = utterances.map(({ reference, alternatives }) => [reference, ...alternatives]);
  expect(again.utterances.map(({ reference, alternatives }) => [reference, ...alternatives])).toEqual(wordings);
  expect(again.utterances[0]!.slices).toEqual({ room: 'hall' });
  // Teams score against the same file.
  const parsed = parseReferences(manifest);
  expect(parsed.ok && [...parsed.references.values()]).toEqual(wordings);
});

test('the same utterances make the same archive, byte for byte', async () => {
  const utterances = await archived(3);
  const first = await buildArchive(inFolder(home()), 'train', utterances);
  rmSync(join(home(), 'archives'), { recursive: true });
  expect(await buildArchive(inFolder(home()), 'train', utterances)).toEqual(first);
  expect((await buildArchive(inFolder(home()), 'train', utterances.slice(1))).sha256.equals(first.sha256)).toBe(false);
});

test('the archive of a split with hidden references has none', async () => {
  const archive = await buildArchive(inFolder(home()), 'test', await archived(2, { reference: null, slices: {} }));
  const bytes = readFileSync(archivePath(home(), archive.sha256)).toString('latin1');
  expect(bytes).toContain('id,audio,split,duration\r\n');
  expect(Buffer.from(bytes, 'latin1').toString()).not.toContain('слово');
});

test('an archive whose recording is missing is not there at all', async () => {
  const utterances = await archived(2);
  rmSync(recordingPath(home(), utterances[1]!.sha256));
  await expect(buildArchive(inFolder(home()), 'train', utterances)).rejects.toThrow('ENOENT');
  expect(readdirSync(join(home(), 'archives'))).toEqual([]);
});

test('a folder of recordings with a manifest becomes a dataset', async () => {
  put('data/manifest.csv', 'id,audio,text,split,room\nu1,wav/1.wav,раз,train,hall\nu2,wav/2.wav,два,test,\n');
  put('data/wav/1.wav', wavOf(1, 0.5));
  put('data/wav/2.wav', wavOf(2));
  const { utterances, warnings } = await prepare('data');
  expect(warnings).toEqual([]);
  expect(utterances[0]).toMatchObject({
    id: 'u1',
    split: 'train',
    position: 0,
    seconds: 0.5,
    bytes: 8044,
    fileName: 'u1.wav',
    mediaType: 'audio/wav',
    reference: 'раз',
    slices: { room: 'hall' },
  });
  for (const { sha256 } of utterances) expect(existsSync(recordingPath(home(), sha256))).toBe(true);
});

test('one manifest per split is found in a folder, and positions count within the split', async () => {
  put('data/train.jsonl', '{"audio_filepath":"1.wav","text":"раз"}\n{"audio_filepath":"2.wav","text":"два"}\n');
  put('data/test.jsonl', '{"audio_filepath":"3.wav","text":"три"}\n');
  for (const i of [1, 2, 3]) put(`data/${i}.wav`, wavOf(i));
  const { utterances } = await prepare('data');
  expect(utterances.map(({ id, split, position }) => `${split} ${position} ${id}`)).toEqual([
    'train 0 1',
    'train 1 2',
    'test 0 3',
  ]);
});

test('everything wrong with manifests and recordings is reported, and nothing is kept', async () => {
  put(
    'data/train.csv',
    'id,audio,text\nu1,1.wav,раз\nu2,none.wav,два\nu3,cut.wav,три\nu4,text.txt,три\nu5,empty.wav,да\nu6,.,да\n',
  );
  put('data/test.csv', 'id,audio,text\nu1,1.wav,раз\n');
  put('data/1.wav', wavOf(1));
  put('data/cut.wav', wavOf(1).subarray(0, 500));
  put('data/text.txt', 'not a recording');
  put('data/empty.wav', '');
  const { prepared, problems } = await prepare('data');
  expect(prepared.status).toBe('refused');
  expect(problems).toEqual([
    '3 dataset-recording-missing none.wav',
    '4 dataset-wav-size cut.wav',
    '5 dataset-recording-unknown text.txt',
    '6 dataset-recording-empty empty.wav',
    '7 dataset-recording-missing .',
    '2 dataset-id-elsewhere u1',
  ]);
  expect(existsSync(home())).toBe(false);
});

test('a stretch of a WAV becomes a recording of its own', async () => {
  const lines = [
    { audio_filepath: 'talk.wav', offset: 0.25, duration: 0.5, text: 'раз' },
    { audio_filepath: 'talk.wav', offset: 0, duration: 1, text: 'всё' },
  ];
  put('data/manifest.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
  const whole = wavOf(1, 1);
  put('data/talk.wav', whole);
  const { utterances } = await prepare('data', { split: 'train' });
  expect(utterances.map(({ id, seconds }) => [id, seconds])).toEqual([
    ['talk@0.25', 0.5],
    ['talk', 1],
  ]);
  const cut = readFileSync(recordingPath(home(), utterances[0]!.sha256));
  expect(readWavHeader(cut)).toMatchObject({ status: 'read', header: { durationSeconds: 0.5 } });
  expect(cut.subarray(44).equals(whole.subarray(44 + 4000, 44 + 12_000))).toBe(true);
  expect(readFileSync(recordingPath(home(), utterances[1]!.sha256)).equals(whole)).toBe(true);
});

test('a stretch that cannot be cut is a problem', async () => {
  const lines = [
    { audio_filepath: 'talk.wav', offset: 0.8, duration: 0.5, text: 'за концом' },
    { audio_filepath: 'talk.wav', offset: 0.8, text: 'без длины', id: 'b' },
    { audio_filepath: 'talk.mp3', offset: 1, duration: 1, text: 'не WAV' },
  ];
  put('data/manifest.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
  put('data/talk.wav', wavOf(1, 1));
  put('data/talk.mp3', Buffer.from([0xff, 0xfb, 0x90, 0]));
  expect((await prepare('data', { split: 'train' })).problems).toEqual([
    '1 dataset-stretch-outside talk.wav',
    '2 dataset-stretch-duration talk.wav',
    '3 dataset-stretch-codec talk.mp3',
  ]);
});

test('for those who may not read everything, recordings from elsewhere are refused, also by way of links', async () => {
  put('secret/1.wav', wavOf(1));
  put('allowed/2.wav', wavOf(2));
  symlinkSync(join(folder, 'secret/1.wav'), join(folder, 'allowed/link.wav'));
  const audio = ['2.wav', '../secret/1.wav', join(folder, 'secret/1.wav'), 'link.wav', '../secret/none.wav'];
  put('allowed/manifest.csv', `id,audio,text,split\n${audio.map((path, i) => `u${i},${path},да,train`).join('\n')}\n`);
  const { problems } = await prepare('allowed', { within: join(folder, 'allowed') });
  expect(problems.map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([
    '3 dataset-recording-outside',
    '4 dataset-recording-outside',
    '5 dataset-recording-outside',
    '6 dataset-recording-outside',
  ]);
  expect((await prepare('allowed')).problems).toHaveLength(1);
});

test('prompts find their recordings by name, in the folder given', async () => {
  put('prompts.txt', 'digits/1: один\nhello: Здравствуйте!\n');
  put('sounds/digits/1.wav', wavOf(1));
  put('sounds/hello.wav', wavOf(2));
  const { utterances } = await prepare('prompts.txt', { audioFolder: join(folder, 'sounds'), split: 'train' });
  expect(utterances.map(({ fileName }) => fileName)).toEqual(['digits/1.wav', 'hello.wav']);
});

test('a recording that is in test and elsewhere is a serious warning, by the sound and not by the file; twice in one split a lesser one', async () => {
  const rows = ['a,1.wav,раз,train', 'b,2.wav,два,test', 'c,1.wav,три,train', 'd,3.wav,пять,dev', 'e,4.wav,шесть,dev'];
  put('data/manifest.csv', `id,audio,text,split\n${rows.join('\n')}\n`);
  const sound = samples16(Array.from({ length: 800 }, (_, i) => (i * 7) % 3000));
  put('data/1.wav', aWav({ data: sound }));
  put('data/2.wav', aWav({ data: sound, before: [['LIST', new Uint8Array(8)]] }));
  put('data/3.wav', wavOf(3));
  put('data/4.wav', wavOf(4));
  const { reports } = await prepareDataset(locateManifests(join(folder, 'data')), {
    place: inFolder(home()),
    salt: Buffer.alloc(32, 1),
    onProgress: () => {},
  });
  expect(reports.flatMap(({ warnings }) => warnings).map(({ code, line, values }) => [code, line, values])).toEqual([
    ['warning-dataset-test-recording-elsewhere', 0, { count: 1, ids: 'b' }],
    ['warning-dataset-same-recording', 4, { count: 1 }],
  ]);
});

test('the recording tells its duration; a manifest that says otherwise is warned of', async () => {
  put(
    'data/manifest.csv',
    'id,audio,text,split,duration\na,1.wav,раз,train,9\nb,2.mp3,раз,train,2.5\nc,3.mp3,раз,train,\n',
  );
  put('data/1.wav', wavOf(1, 1));
  put('data/2.mp3', Buffer.from('ID3\x04'));
  put('data/3.mp3', Buffer.from('ID3\x03'));
  const { utterances, warnings } = await prepare('data');
  expect(utterances.map(({ seconds }) => seconds)).toEqual([1, 2.5, null]);
  expect(warnings.sort()).toEqual(['warning-dataset-duration-differs', 'warning-dataset-duration-unknown']);
});

test('an import goes through all its stages and ends at the total', async () => {
  put('data/manifest.csv', 'id,audio,text,split\na,1.wav,раз,train\nb,2.wav,два,train\n');
  for (const i of [1, 2]) put(`data/${i}.wav`, wavOf(i));
  const seen: string[] = [];
  await prepare('data', { onProgress: ({ stage, done, total }) => seen.push(`${stage} ${done}/${total}`) });
  expect(seen).toEqual(['check 1/2', 'check 2/2', 'store 1/2', 'store 2/2']);
});

function durationOf(bytes: Uint8Array) {
  const reading = inspectRecording(bytesInMemory(bytes));
  return reading.status === 'read' ? [reading.recording.extension, reading.recording.durationSeconds] : reading.code;
}

/** An Ogg page with this granule position (RFC 3533 §6). */
function oggPage(granule: bigint, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(28);
  header.write('OggS');
  header.writeBigInt64LE(granule, 6);
  header[26] = 1;
  header[27] = payload.length;
  return Buffer.concat([header, payload]);
}

test('FLAC, Opus and Vorbis tell their durations in their containers', () => {
  const streamInfo = Buffer.alloc(42);
  streamInfo.write('fLaC');
  streamInfo.writeUInt32BE((16_000 << 12) >>> 0, 18);
  streamInfo.writeUInt32BE(40_000, 22);
  expect(durationOf(streamInfo)).toEqual(['flac', 2.5]);

  const opusHead = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 1, 0x38, 1, 0, 0, 0, 0, 0, 0, 0])]);
  expect(durationOf(Buffer.concat([oggPage(0n, opusHead), oggPage(48_312n, Buffer.alloc(90))]))).toEqual(['opus', 1]);

  const vorbisHead = Buffer.alloc(30);
  vorbisHead.write('\x01vorbis');
  vorbisHead.writeUInt32LE(22_050, 12);
  expect(durationOf(Buffer.concat([oggPage(0n, vorbisHead), oggPage(44_100n, Buffer.alloc(9))]))).toEqual(['ogg', 2]);
});

test('a container that says nothing of its length, or nonsense, has none', () => {
  expect(durationOf(Buffer.from('ID3\x04'))).toEqual(['mp3', null]);
  expect(durationOf(Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(60)]))).toEqual(['flac', null]);
  expect(durationOf(Buffer.from('fLaC'))).toEqual(['flac', null]);
  expect(durationOf(Buffer.from('OggS'))).toBe('dataset-recording-unknown');
  expect(durationOf(Buffer.from('GIF89a'))).toBe('dataset-recording-unknown');
});

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataListing } from '#lib/api/answers.ts';
import { buildArchive } from '#lib/archives.ts';
import type { Competition } from '#lib/competition.ts';
import { archives, utterances } from '#lib/db/schema.ts';
import { inFolder, storeRecording } from '#lib/objects.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { aCompetition, aTeam, aTestSplit, aUser, hoursFromNow, tenUtterances } from '../../builders.ts';
import { anonymous, type Call, caller, type TestSite } from '../../site.ts';

const sound = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const sha256 = createHash('sha256').update(sound).digest();

export function testData(site: () => TestSite): void {
  let competition: Competition;
  let call: Call;
  const path = (rest: string) => `/competitions/${competition.slug}/data${rest}`;

  beforeAll(async () => {
    const { owner, home } = site();
    competition = await aTestSplit(owner, await aCompetition(owner, { devReleasedAt: hoursFromNow(1) }));
    await storeRecording(inFolder(home), sound);
    const recording = {
      competitionId: competition.id,
      seconds: 2.5,
      bytes: sound.length,
      sha256,
      mediaType: 'audio/wav',
    };
    const trained = { ...recording, split: 'train', reference: 'раз, "два"', slices: { noise: 'street' } } as const;
    await owner.insert(utterances).values([
      { ...trained, id: 'приём/1', position: 0, fileName: 'приём/1.wav' },
      { ...trained, id: 't-2', position: 1, fileName: 'two.wav' },
      { ...recording, split: 'dev', reference: 'три', id: 'd-1', position: 0, fileName: 'd-1.wav' },
    ]);
    const two = { id: 't-2', fileName: 'two.wav', sha256, bytes: sound.length, seconds: 2.5 };
    const rows = [{ ...two, reference: 'раз', alternatives: [], slices: {} }];
    const archive = await buildArchive(inFolder(home), 'train', rows);
    await owner.insert(archives).values({ competitionId: competition.id, split: 'train', ...archive });
    const { people } = await aTeam(owner, competition);
    call = await caller(site(), people[0]!);
  });

  test('is for who is signed in and accepted the rules', async () => {
    const stranger = await caller(site(), await aUser(site().owner));
    for (const rest of ['', '/train.csv', '/train.zip', '/sample_submission.csv', '/files/train/t-2']) {
      const outside = await anonymous(site())(path(rest));
      expect([outside.status, (await outside.json()).code], rest).toEqual([401, 'unauthenticated']);
      const refused = await stranger(path(rest));
      expect([refused.status, (await refused.json()).code], rest).toEqual([403, 'rules']);
      expect((await call(path(rest))).status, rest).toBe(200);
    }
  });

  test('lists every released recording with where to get it, and nothing that is not released', async () => {
    const listing = dataListing.parse(await (await call(path(''))).json());
    expect(listing.files).toHaveLength(12);
    expect(listing.files[0]).toEqual({
      id: 'приём/1',
      split: 'train',
      path: 'train/приём/1.wav',
      seconds: 2.5,
      bytes: sound.length,
      sha256: sha256.toString('hex'),
      url: `${site().origin}/api/v1${path(`/files/train/${encodeURIComponent('приём')}/1`)}`,
    });
    expect(listing.archives).toMatchObject([{ split: 'train' }]);
    expect(listing.manifests.map(({ split }) => split)).toEqual(['train', 'test']);
    const ofTrain = dataListing.parse(await (await call(path('?split=train'))).json());
    expect(ofTrain.files.map(({ id }) => id)).toEqual(['приём/1', 't-2']);
  });

  test('a split that is not released is closed everywhere', async () => {
    for (const rest of ['?split=dev', '/dev.csv', '/dev.zip', '/files/dev/d-1']) {
      const response = await call(path(rest));
      expect([response.status, (await response.json()).code], rest).toEqual([403, 'phase']);
    }
  });

  test('manifests have the texts of train and never those of test', async () => {
    const ofTrain = await (await call(path('/train.csv'))).text();
    expect(ofTrain.split('\r\n').slice(0, 2)).toEqual([
      'id,audio,split,duration,text,noise',
      'приём/1,приём/1.wav,train,2.5,"раз, ""два""",street',
    ]);
    const ofTest = await (await call(path('/test.csv'))).text();
    expect(ofTest).toContain('id,audio,split,duration\r\nu1,u1.wav,test,10');
    expect(ofTest).not.toContain('раз');
  });

  test('the sample submission is a file that is taken', async () => {
    const bytes = new Uint8Array(await (await call(path('/sample_submission.csv'))).arrayBuffer());
    const expected = tenUtterances.map(({ id }) => ({ id, seconds: 10 }));
    expect(parsePredictions(bytes, { expected })).toMatchObject({ ok: true, format: 'csv' });
  });

  test.each([
    '/nothing.csv',
    '/train.tar',
    '/files/train/nothing',
    '/files/nothing/t-2',
    '/test.zip',
    '/files/train/..%2f..%2fsecrets.json',
  ])('%s is not there', async (rest) => expect((await call(path(rest))).status).toBe(404));

  describe('a recording', () => {
    const file = () => path('/files/train/t-2');
    const etag = `"${sha256.toString('hex')}"`;

    test('comes whole, typed, named and with its digest', async () => {
      const response = await call(file());
      expect(Buffer.from(await response.arrayBuffer()).equals(sound)).toBe(true);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'audio/wav',
        'content-length': String(sound.length),
        'content-disposition': expect.stringContaining('attachment; filename="two.wav"'),
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        etag,
      });
    });

    test('is found by its file name and under ids with slashes', async () => {
      for (const rest of [
        '/files/train/two.wav',
        '/files/train/приём/1',
        '/files/train/приём/1.wav',
        '/files/train/приём%2F1',
      ]) {
        expect((await call(path(rest))).status, rest).toBe(200);
      }
    });

    test('is resumed where it broke off, and begun anew where it is another one', async () => {
      const rest = await call(file(), { headers: { Range: 'bytes=299990-', 'If-Range': etag } });
      expect([rest.status, rest.headers.get('Content-Range')]).toEqual([206, 'bytes 299990-299999/300000']);
      expect(rest.headers.get('Content-Length')).toBe('10');
      expect(Buffer.from(await rest.arrayBuffer()).equals(sound.subarray(299_990))).toBe(true);
      const anew = await call(file(), { headers: { Range: 'bytes=299990-', 'If-Range': '"another"' } });
      expect([anew.status, (await anew.arrayBuffer()).byteLength]).toEqual([200, sound.length]);
      const beyond = await call(file(), { headers: { Range: 'bytes=300000-' } });
      expect([beyond.status, beyond.headers.get('Content-Range')]).toEqual([416, 'bytes */300000']);
    });

    test('is not sent to who has it; HEAD tells its size', async () => {
      expect((await call(file(), { headers: { 'If-None-Match': etag } })).status).toBe(304);
      const head = await call(file(), { method: 'HEAD' });
      expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(sound.length)]);
    });
  });

  test('an archive can be resumed too', async () => {
    const [archive] = dataListing.parse(await (await call(path(''))).json()).archives;
    const whole = Buffer.from(await (await call(path('/train.zip'))).arrayBuffer());
    expect(createHash('sha256').update(whole).digest('hex')).toBe(archive?.sha256);
    const part = await call(path('/train.zip'), { headers: { Range: 'bytes=1000-1999' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1000, 2000))).toBe(true);
  });
}

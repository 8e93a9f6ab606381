import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { problem, receipt } from '#lib/api/answers.ts';
import { submissionFiles, submissions } from '#lib/db/schema.ts';
import { aPredictionsFile, hoursFromNow, tenUtterances } from '../../builders.ts';
import { rawRequest, sending, type TestSite } from '../../site.ts';
import { aContest, type Contest, padded, pieces } from './contest.ts';

const mebibyte = 2 ** 20;

export function testUploads(site: () => TestSite): void {
  let contest: Contest;
  beforeEach(async () => {
    contest = await aContest(site());
  });

  describe('a file', () => {
    test('is answered with a receipt, and stored with what was said about it', async () => {
      const file = aPredictionsFile();
      const query = '&file=beam.csv&note=wider%20beam&code=https://example.org/code&format=csv';
      const response = await contest.upload(file, {}, query);
      const answer = receipt.parse(await response.json());
      expect(response.status).toBe(201);
      expect(answer).toMatchObject({
        sha256: createHash('sha256').update(file).digest('hex'),
        late: false,
        quota: { used: 1, limit: 5, resetsAt: expect.stringMatching(/T21:00:00.000Z$/) },
      });
      expect(response.headers.get('Location')).toBe(answer.links.self);
      expect(await contest.stored()).toMatchObject([
        {
          id: answer.id,
          fileName: 'beam.csv',
          note: 'wider beam',
          codeLink: 'https://example.org/code',
          format: 'csv',
        },
      ]);
    });

    test('of 7.9 MB is stored whole', async () => {
      const file = padded(aPredictionsFile(), 7_900_000);
      const answer = receipt.parse(await (await contest.upload(file)).json());
      const rows = await site().owner.select().from(submissionFiles).where(eq(submissionFiles.submissionId, answer.id));
      expect(rows[0]?.content.length).toBe(file.length);
      expect(createHash('sha256').update(rows[0]!.content).digest('hex')).toBe(
        createHash('sha256').update(file).digest('hex'),
      );
      expect(answer.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    });

    test.each([
      ['8.1 MiB', 8.1 * mebibyte],
      ['12 MB', 12_000_000],
    ])('of %s is too large, announced or not', async (_, size) => {
      const file = randomBytes(size);
      const announced = await contest.upload(file);
      expect([announced.status, (await announced.json()).code]).toEqual([413, 'too-large']);
      const streamed = await rawRequest(contest.uploadUrl, contest.rawHeaders, pieces(file, 65_536));
      expect([streamed.status, JSON.parse(streamed.body).code]).toEqual([413, 'too-large']);
      expect(await contest.stored()).toEqual([]);
    });

    test('that comes in small pieces is the same file', async () => {
      const file = aPredictionsFile();
      const { status, body } = await rawRequest(contest.uploadUrl, contest.rawHeaders, pieces(file, 7));
      expect([status, JSON.parse(body).sha256]).toEqual([201, createHash('sha256').update(file).digest('hex')]);
    });

    test('may be compressed, and says so or not', async () => {
      const plainly = await contest.upload(gzipSync(aPredictionsFile()));
      expect(plainly.status).toBe(201);
      const declared = await contest.upload(gzipSync(aPredictionsFile(tenUtterances, 1)), {
        'Content-Encoding': 'gzip',
      });
      expect(declared.status).toBe(201);
      const lie = await contest.upload(aPredictionsFile(tenUtterances, 2), { 'Content-Encoding': 'gzip' });
      expect([lie.status, (await lie.json()).errors[0].code]).toEqual([422, 'gzip-damaged']);
    });

    test('sent again is the earlier one, free of charge', async () => {
      const file = aPredictionsFile();
      const first = receipt.parse(await (await contest.upload(file)).json());
      const again = await contest.upload(file);
      expect(again.status).toBe(200);
      expect(receipt.parse(await again.json())).toMatchObject({ id: first.id, quota: { used: 1 } });
    });

    test('sent packed, or packed in another way, is the one that came plain, and the other way round', async () => {
      const file = aPredictionsFile();
      const ways = [file, gzipSync(file), gzipSync(file, { level: 1 })];
      for (const first of ways) {
        const { id } = receipt.parse(await (await contest.upload(first)).json());
        for (const again of ways) {
          const answer = await contest.upload(again);
          expect(answer.status).toBe(200);
          // The receipt is that of the first: what was stored and signed for are the bytes as they were sent then.
          const sha256 = createHash('sha256').update(first).digest('hex');
          expect(await answer.json()).toMatchObject({ id, sha256, quota: { used: 1 } });
        }
        expect(await contest.stored()).toHaveLength(1);
        contest = await aContest(site());
      }
      // The control: another file is another submission, however it is packed.
      await contest.upload(file);
      expect((await contest.upload(gzipSync(aPredictionsFile(tenUtterances, 1)))).status).toBe(201);
    });

    test('that came packed before its digest was kept is known by the bytes as sent', async () => {
      const packed = gzipSync(aPredictionsFile());
      const { id } = receipt.parse(await (await contest.upload(packed)).json());
      await site().owner.update(submissions).set({ unpackedSha256: null }).where(eq(submissions.id, id));
      const again = await contest.upload(packed);
      expect([again.status, (await again.json()).id]).toEqual([200, id]);
      expect((await contest.upload(aPredictionsFile())).status).toBe(201);
    });

    test('for a split without recordings has nothing to be about', async () => {
      const response = await contest.call(
        `/competitions/${contest.competition.slug}/submissions?split=dev`,
        sending('id,text\n'),
      );
      expect([response.status, (await response.json()).code]).toEqual([409, 'split-empty']);
    });
  });

  describe('under an Idempotency-Key', () => {
    test('the same bytes get the first answer again, others are refused', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      const file = aPredictionsFile();
      const first = await contest.upload(file, key);
      const again = await contest.upload(file, key);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(await again.json()).toEqual(await first.json());
      const other = await contest.upload(aPredictionsFile(tenUtterances, 1), key);
      expect([other.status, (await other.json()).code]).toEqual([409, 'idempotency-mismatch']);
      expect(await contest.stored()).toHaveLength(1);
    });

    test('a rejected file is told the same again', async () => {
      const key = { 'Idempotency-Key': 'a-key' };
      const first = await contest.upload('id,text\nnobody,x\n', key);
      const again = await contest.upload('id,text\nnobody,x\n', key);
      expect([first.status, again.status]).toEqual([422, 422]);
      expect((await again.json()).id).toBe((await first.json()).id);
    });

    test('ten at once make one submission', async () => {
      const file = aPredictionsFile();
      const answers = await Promise.all(
        Array.from({ length: 10 }, async () => (await contest.upload(file, { 'Idempotency-Key': 'once' })).json()),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(await contest.stored()).toHaveLength(1);
    });
  });

  describe('a file with problems', () => {
    test('is told all of them in the caller’s language, costs nothing and shows nothing', async () => {
      const response = await contest.upload('id,text\nnobody,x\nu1,a\nu1,b\n');
      const answer = problem.parse(await response.json());
      expect(response.status).toBe(422);
      expect(answer).toMatchObject({ code: 'invalid-file', state: 'rejected', count: 11 });
      expect(answer.errors?.slice(0, 2)).toEqual([
        { line: 2, column: 1, code: 'id-unknown', message: expect.stringContaining('There is no utterance "nobody"') },
        { line: 4, column: 1, code: 'id-duplicate', message: expect.stringContaining('line 3') },
      ]);
      const [row] = await contest.stored();
      expect(row).toMatchObject({ id: answer.id, state: 'rejected', quotaDay: null, problemCount: 11 });
      const inRussian = await contest.upload('id,text\nx,x\n', { 'Accept-Language': 'ru' });
      expect((await inRussian.json()).errors[0].message).toMatch(/[а-яё]/);
    });

    test.each([
      ['a bomb', () => gzipSync(Buffer.alloc(60 * mebibyte, 'a'))],
      ['a bomb beyond the limit', () => gzipSync(Buffer.alloc(80 * mebibyte, 'a'))],
      ['an archive cut off', () => gzipSync(aPredictionsFile()).subarray(0, 60)],
      ['nothing at all', () => Buffer.alloc(0)],
    ])('may be %s', async (_, make) => {
      const response = await contest.upload(make());
      expect([response.status, (await response.json()).state]).toEqual([422, 'rejected']);
    });

    test('is refused for an hour after thirty of them, while good files are taken', async () => {
      for (let i = 0; i < 30; i += 1) expect((await contest.upload(`id,text\nnobody,${i}\n`)).status).toBe(422);
      const refused = await contest.upload('id,text\nnobody,31\n');
      expect([refused.status, (await refused.json()).code]).toEqual([429, 'too-many-attempts']);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect((await contest.upload(aPredictionsFile())).status).toBe(201);
    });
  });

  test('after the close a file is stored as late, free of charge', async () => {
    contest = await aContest(site(), { submissionsStartAt: hoursFromNow(-48), submissionsEndAt: hoursFromNow(-1) });
    const response = await contest.upload(aPredictionsFile());
    expect(response.status).toBe(201);
    expect(receipt.parse(await response.json())).toMatchObject({ late: true, quota: null });
  });

  test('of twenty at once exactly as many are taken as attempts are left', async () => {
    contest = await aContest(site(), { dailyQuota: 3 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => contest.upload(aPredictionsFile(tenUtterances, 1))),
    );
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken).toHaveLength(3);
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      expect([refused.status, (await refused.json()).code]).toEqual([429, 'quota']);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
  });
}

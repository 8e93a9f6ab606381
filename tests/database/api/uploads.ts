import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { problem, receipt } from '#lib/api/answers.ts';
import type { Competition } from '#lib/competition.ts';
import { submissionFiles, submissions } from '#lib/db/schema.ts';
import type { Team } from '#lib/db/teams.ts';
import {
  aCompetition,
  aPredictionsFile,
  aTeam,
  aTestSplit,
  aUser,
  hoursFromNow,
  tenUtterances,
} from '../../builders.ts';
import { anonymous, type Call, caller, rawRequest, sending, type TestSite } from '../../site.ts';

const mebibyte = 2 ** 20;

export function testUploads(site: () => TestSite): void {
  let competition: Competition;
  let team: Team;
  let call: Call & { token: string };
  const upload = (body: Uint8Array | string, headers: Record<string, string> = {}, query = '') =>
    call(`/competitions/${competition.slug}/submissions?split=test${query}`, sending(body, headers));
  const stored = () => site().owner.select().from(submissions).where(eq(submissions.teamId, team.id));
  const openContest = async (given: Parameters<typeof aCompetition>[1] = {}) => {
    competition = await aTestSplit(site().owner, await aCompetition(site().owner, given));
    const { team: founded, people } = await aTeam(site().owner, competition);
    team = founded;
    call = await caller(site(), people[0]!);
  };
  beforeEach(() => openContest());

  describe('a file', () => {
    test('is answered with a receipt, and stored with what was said about it', async () => {
      const file = aPredictionsFile();
      const query = '&file=beam.csv&note=wider%20beam&code=https://example.org/code&format=csv';
      const response = await upload(file, {}, query);
      const answer = receipt.parse(await response.json());
      expect(response.status).toBe(201);
      expect(answer).toMatchObject({
        sha256: createHash('sha256').update(file).digest('hex'),
        late: false,
        quota: { used: 1, limit: 5, resetsAt: expect.stringMatching(/T21:00:00.000Z$/) },
      });
      expect(response.headers.get('Location')).toBe(answer.links.self);
      expect(await stored()).toMatchObject([
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
      const file = bigFile(7_900_000);
      const answer = receipt.parse(await (await upload(file)).json());
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
      const announced = await upload(file);
      expect([announced.status, (await announced.json()).code]).toEqual([413, 'too-large']);
      const streamed = await rawRequest(uploadUrl(), rawHeaders(), pieces(file, 65_536));
      expect([streamed.status, JSON.parse(streamed.body).code]).toEqual([413, 'too-large']);
      expect(await stored()).toEqual([]);
    });

    test('that comes in small pieces is the same file', async () => {
      const file = aPredictionsFile();
      const { status, body } = await rawRequest(uploadUrl(), rawHeaders(), pieces(file, 7));
      expect([status, JSON.parse(body).sha256]).toEqual([201, createHash('sha256').update(file).digest('hex')]);
    });

    test('may be compressed, and says so or not', async () => {
      const plainly = await upload(gzipSync(aPredictionsFile()));
      expect(plainly.status).toBe(201);
      const declared = await upload(gzipSync(aPredictionsFile(tenUtterances, 1)), { 'Content-Encoding': 'gzip' });
      expect(declared.status).toBe(201);
      const lie = await upload(aPredictionsFile(tenUtterances, 2), { 'Content-Encoding': 'gzip' });
      expect([lie.status, (await lie.json()).errors[0].code]).toEqual([422, 'gzip-damaged']);
    });

    test('sent again is the earlier one, free of charge', async () => {
      const file = aPredictionsFile();
      const first = receipt.parse(await (await upload(file)).json());
      const again = await upload(file);
      expect(again.status).toBe(200);
      expect(receipt.parse(await again.json())).toMatchObject({ id: first.id, quota: { used: 1 } });
    });

    test('for a split without recordings has nothing to be about', async () => {
      const response = await call(`/competitions/${competition.slug}/submissions?split=dev`, sending('id,text\n'));
      expect([response.status, (await response.json()).code]).toEqual([409, 'split-empty']);
    });
  });

  describe('under an Idempotency-Key', () => {
    test('the same bytes get the first answer again, others are refused', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      const file = aPredictionsFile();
      const first = await upload(file, key);
      const again = await upload(file, key);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(await again.json()).toEqual(await first.json());
      const other = await upload(aPredictionsFile(tenUtterances, 1), key);
      expect([other.status, (await other.json()).code]).toEqual([409, 'idempotency-mismatch']);
      expect(await stored()).toHaveLength(1);
    });

    test('a rejected file is told the same again', async () => {
      const key = { 'Idempotency-Key': 'a-key' };
      const first = await upload('id,text\nnobody,x\n', key);
      const again = await upload('id,text\nnobody,x\n', key);
      expect([first.status, again.status]).toEqual([422, 422]);
      expect((await again.json()).id).toBe((await first.json()).id);
    });

    test('ten at once make one submission', async () => {
      const file = aPredictionsFile();
      const answers = await Promise.all(
        Array.from({ length: 10 }, async () => (await upload(file, { 'Idempotency-Key': 'once' })).json()),
      );
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(await stored()).toHaveLength(1);
    });
  });

  describe('a file with problems', () => {
    test('is told all of them in the caller’s language, costs nothing and shows nothing', async () => {
      const response = await upload('id,text\nnobody,x\nu1,a\nu1,b\n');
      const answer = problem.parse(await response.json());
      expect(response.status).toBe(422);
      expect(answer).toMatchObject({ code: 'invalid-file', state: 'rejected', count: 11 });
      expect(answer.errors?.slice(0, 2)).toEqual([
        { line: 2, column: 1, code: 'id-unknown', message: expect.stringContaining('There is no utterance "nobody"') },
        { line: 4, column: 1, code: 'id-duplicate', message: expect.stringContaining('line 3') },
      ]);
      const [row] = await stored();
      expect(row).toMatchObject({ id: answer.id, state: 'rejected', quotaDay: null, problemCount: 11 });
      const inRussian = await upload('id,text\nx,x\n', { 'Accept-Language': 'ru' });
      expect((await inRussian.json()).errors[0].message).toMatch(/[а-яё]/);
    });

    test.each([
      ['a bomb', () => gzipSync(Buffer.alloc(60 * mebibyte, 'a'))],
      ['a bomb beyond the limit', () => gzipSync(Buffer.alloc(80 * mebibyte, 'a'))],
      ['an archive cut off', () => gzipSync(aPredictionsFile()).subarray(0, 60)],
      ['nothing at all', () => Buffer.alloc(0)],
    ])('may be %s', async (_, make) => {
      const response = await upload(make());
      expect([response.status, (await response.json()).state]).toEqual([422, 'rejected']);
    });

    test('is refused for an hour after thirty of them, while good files are taken', async () => {
      for (let i = 0; i < 30; i += 1) expect((await upload(`id,text\nnobody,${i}\n`)).status).toBe(422);
      const refused = await upload('id,text\nnobody,31\n');
      expect([refused.status, (await refused.json()).code]).toEqual([429, 'too-many-attempts']);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect((await upload(aPredictionsFile())).status).toBe(201);
    });
  });

  describe('what arrives is what was sent, or it is refused', () => {
    test('a digest of other bytes, and one that cannot be read', async () => {
      const file = aPredictionsFile();
      const digest = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
      const wrong = await upload(file, { 'Content-Digest': digest(Buffer.from('other')) });
      expect([wrong.status, (await wrong.json()).code]).toEqual([400, 'digest-mismatch']);
      const unreadable = await upload(file, { 'Content-Digest': 'sha-256=abc' });
      expect([unreadable.status, (await unreadable.json()).code]).toEqual([400, 'digest-invalid']);
      expect((await upload(file, { 'Content-Digest': digest(file) })).status).toBe(201);
    });

    test('a body that breaks off at 99 % leaves nothing behind', async () => {
      const file = bigFile(2_000_000);
      const headers = { ...rawHeaders(), 'Content-Length': file.length };
      const sent = rawRequest(uploadUrl(), headers, pieces(file.subarray(0, 1_980_000), 65_536), { hangUp: true });
      await expect(sent).rejects.toThrow();
      expect((await upload(aPredictionsFile())).status).toBe(201);
      expect(await stored()).toHaveLength(1);
    });

    test('a body that its own Content-Length cuts short fails its digest', async () => {
      const file = aPredictionsFile();
      const digest = `sha-256=:${createHash('sha256').update(file).digest('base64')}:`;
      const { status } = await rawRequest(
        uploadUrl(),
        { ...rawHeaders(), 'Content-Digest': digest, 'Content-Length': file.length - 5 },
        [file.subarray(0, file.length - 5)],
      );
      expect(status).toBe(400);
    });

    test.each([
      ['a form', 'multipart/form-data; boundary=x', 'unsupported-media-type'],
      ['a recording', 'audio/wav', 'unsupported-media-type'],
    ])('%s is no predictions file', async (_, type, code) => {
      const response = await upload('x', { 'Content-Type': type });
      expect([response.status, (await response.json()).code]).toEqual([415, code]);
    });

    test('an encoding that is not gzip is not guessed at', async () => {
      const response = await upload(aPredictionsFile(), { 'Content-Encoding': 'br' });
      expect([response.status, response.headers.get('Accept-Encoding')]).toEqual([415, 'gzip']);
    });

    test.each([
      '',
      '?split=train',
      '?split=test&format=xml',
      `?split=test&note=${'x'.repeat(201)}`,
      '?split=test&code=ftp://x',
      '?split=test&file=a%00b',
    ])('the query "%s" is refused by name', async (query) => {
      const response = await call(`/competitions/${competition.slug}/submissions${query}`, sending(aPredictionsFile()));
      expect([response.status, (await response.json()).code]).toEqual([400, 'invalid-parameter']);
    });
  });

  describe('who may upload is decided before the file is read', () => {
    const refusal = async (headers: Record<string, string>) => {
      // Five megabytes are announced and none is sent.
      const waiting = (async function* () {
        await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
        yield Buffer.alloc(0);
      })();
      const { status, body } = await rawRequest(uploadUrl(), { ...headers, 'Content-Length': 5_000_000 }, waiting);
      return [status, JSON.parse(body).code];
    };

    test('nobody, a wrong token, and a token that may only read', async () => {
      const reading = await caller(site(), await aUser(site().owner), ['read']);
      expect(await refusal({})).toEqual([401, 'unauthenticated']);
      expect(await refusal({ Authorization: `Bearer rst_${'x'.repeat(43)}` })).toEqual([401, 'unauthenticated']);
      expect(await refusal({ Authorization: `Bearer ${reading.token}` })).toEqual([403, 'scope']);
    });

    test('who has not accepted the rules, and who has no team', async () => {
      const stranger = await caller(site(), await aUser(site().owner));
      expect(await refusal({ Authorization: `Bearer ${stranger.token}` })).toEqual([403, 'rules']);
      const { people } = await aTeam(site().owner, competition);
      await site().owner.execute(`delete from team_members where user_id = '${people[0]!.id}'`);
      const alone = await caller(site(), people[0]!);
      expect(await refusal({ Authorization: `Bearer ${alone.token}` })).toEqual([403, 'team']);
    });

    test('a competition that is not open yet', async () => {
      await openContest({ submissionsStartAt: hoursFromNow(1) });
      expect(await refusal({ Authorization: `Bearer ${call.token}` })).toEqual([403, 'phase']);
    });
  });

  test('after the close a file is stored as late, free of charge', async () => {
    await openContest({ submissionsStartAt: hoursFromNow(-48), submissionsEndAt: hoursFromNow(-1) });
    const response = await upload(aPredictionsFile());
    expect(response.status).toBe(201);
    expect(receipt.parse(await response.json())).toMatchObject({ late: true, quota: null });
  });

  test('of twenty at once exactly as many are taken as attempts are left', async () => {
    await openContest({ dailyQuota: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => upload(aPredictionsFile(tenUtterances, 1))));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken).toHaveLength(3);
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      expect([refused.status, (await refused.json()).code]).toEqual([429, 'quota']);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    }
  });

  test('a page of another site cannot upload with somebody’s session', async () => {
    const response = await anonymous(site())(
      `/competitions/${competition.slug}/submissions?split=test`,
      sending(aPredictionsFile(), { Origin: 'https://elsewhere.example', Cookie: 'rostrum-session=x' }),
    );
    expect(response.status).toBe(401);
  });

  function uploadUrl(): string {
    return `${site().origin}/api/v1/competitions/${competition.slug}/submissions?split=test`;
  }

  function rawHeaders(): Record<string, string> {
    return { Authorization: `Bearer ${call.token}`, 'Content-Type': 'text/csv' };
  }
}

/** A file that is taken and has this many bytes: its last line is blank and long enough. */
function bigFile(bytes: number): Buffer {
  const file = aPredictionsFile();
  const blankLine = `${' '.repeat(500_000)}\n`;
  const filled = Buffer.concat([file, Buffer.alloc(bytes - file.length, blankLine)]);
  return filled;
}

function* pieces(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

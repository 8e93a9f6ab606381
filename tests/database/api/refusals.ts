import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { aPredictionsFile, aTeam, aUser, hoursFromNow, tenUtterances } from '../../builders.ts';
import { browser, caller, rawRequest, sending, type TestSite } from '../../site.ts';
import { aContest, type Contest, padded, pieces } from './contest.ts';

export function testRefusals(site: () => TestSite): void {
  let contest: Contest;
  beforeEach(async () => {
    contest = await aContest(site());
  });

  describe('what arrives is what was sent, or it is refused', () => {
    test('a digest of other bytes, and one that cannot be read', async () => {
      const file = aPredictionsFile();
      const digest = (bytes: Buffer) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
      const wrong = await contest.upload(file, { 'Content-Digest': digest(Buffer.from('other')) });
      expect([wrong.status, (await wrong.json()).code]).toEqual([400, 'digest-mismatch']);
      const unreadable = await contest.upload(file, { 'Content-Digest': 'sha-256=abc' });
      expect([unreadable.status, (await unreadable.json()).code]).toEqual([400, 'digest-invalid']);
      expect((await contest.upload(file, { 'Content-Digest': digest(file) })).status).toBe(201);
    });

    test('a body that breaks off at 99 % leaves nothing behind', async () => {
      const file = padded(aPredictionsFile(), 2_000_000);
      const headers = { ...contest.rawHeaders, 'Content-Length': file.length };
      const sent = rawRequest(contest.uploadUrl, headers, pieces(file.subarray(0, 1_980_000), 65_536), {
        hangUp: true,
      });
      await expect(sent).rejects.toThrow();
      expect((await contest.upload(aPredictionsFile())).status).toBe(201);
      expect(await contest.stored()).toHaveLength(1);
    });

    test('a body that its own Content-Length cuts short fails its digest', async () => {
      const file = aPredictionsFile();
      const digest = `sha-256=:${createHash('sha256').update(file).digest('base64')}:`;
      const { status } = await rawRequest(
        contest.uploadUrl,
        { ...contest.rawHeaders, 'Content-Digest': digest, 'Content-Length': file.length - 5 },
        [file.subarray(0, file.length - 5)],
      );
      expect(status).toBe(400);
    });

    test.each([
      ['a form', 'multipart/form-data; boundary=x', 'unsupported-media-type'],
      ['a recording', 'audio/wav', 'unsupported-media-type'],
    ])('%s is no predictions file', async (_, type, code) => {
      const response = await contest.upload('x', { 'Content-Type': type });
      expect([response.status, (await response.json()).code]).toEqual([415, code]);
    });

    test('an encoding that is not gzip is not guessed at', async () => {
      const response = await contest.upload(aPredictionsFile(), { 'Content-Encoding': 'br' });
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
      const response = await contest.call(
        `/competitions/${contest.competition.slug}/submissions${query}`,
        sending(aPredictionsFile()),
      );
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
      const { status, body } = await rawRequest(
        contest.uploadUrl,
        { ...headers, 'Content-Length': 5_000_000 },
        waiting,
      );
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
      const { people } = await aTeam(site().owner, contest.competition);
      await site().owner.execute(`delete from team_members where user_id = '${people[0]!.id}'`);
      const alone = await caller(site(), people[0]!);
      expect(await refusal({ Authorization: `Bearer ${alone.token}` })).toEqual([403, 'team']);
    });

    test('a competition that is not open yet', async () => {
      contest = await aContest(site(), { submissionsStartAt: hoursFromNow(1) });
      expect(await refusal({ Authorization: `Bearer ${contest.call.token}` })).toEqual([403, 'phase']);
    });
  });

  test('a browser uploads with its session from our own pages, and from no other', async () => {
    const { people } = await aTeam(site().owner, contest.competition);
    const uploadFrom = async (browserSays: Record<string, string>) => {
      const from = await browser(site(), people[0]!, browserSays);
      const path = `/competitions/${contest.competition.slug}/submissions?split=test`;
      const response = await from(path, sending(aPredictionsFile(tenUtterances, 1)));
      return [response.status, (await response.json()).code];
    };
    const { origin } = site();
    expect(await uploadFrom({ Origin: origin })).toEqual([201, undefined]);
    expect(await uploadFrom({ Origin: origin, 'Sec-Fetch-Site': 'same-origin' })).toEqual([201, undefined]);
    for (const other of [
      {},
      { Origin: 'https://elsewhere.example' },
      { Origin: 'null' },
      { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: `${origin}.elsewhere.example` },
    ]) {
      expect(await uploadFrom(other), JSON.stringify(other)).toEqual([403, 'cross-origin']);
    }
  });

  test('a token is all that counts where there is one: a cookie beside it opens nothing', async () => {
    const { people } = await aTeam(site().owner, contest.competition);
    const signedIn = await browser(site(), people[0]!, { Origin: site().origin });
    const response = await signedIn(
      `/competitions/${contest.competition.slug}/submissions?split=test`,
      sending(aPredictionsFile(), { Authorization: `Bearer rst_${'x'.repeat(43)}` }),
    );
    expect([response.status, (await response.json()).code]).toEqual([401, 'unauthenticated']);
  });
}

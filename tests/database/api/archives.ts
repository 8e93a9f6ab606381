import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Competition, splits } from '#lib/competition.ts';
import { grantRole } from '#lib/db/competitions.ts';
import { type ImportView, listImports } from '#lib/db/imports.ts';
import { listUtterances } from '#lib/db/utterances.ts';
import { aCompetition, aUser } from '../../builders.ts';
import { caller, rawRequest, type TestSite } from '../../site.ts';
import { aWav, samples16 } from '../../wav-files.ts';
import { eventually } from '../../workers.ts';
import { aZip, type ZipPart } from '../../zip-files.ts';

type Ask = (path: string, init?: RequestInit) => Promise<Response>;
type Organised = { competition: Competition; ask: Ask; token: string; url: string };

/** A draft without data, and somebody who organises it. */
async function organised(site: TestSite, given: Parameters<typeof aCompetition>[1] = {}): Promise<Organised> {
  const competition = await aCompetition(site.owner, given);
  const organiser = await aUser(site.owner);
  await grantRole(site.owner, competition.id, organiser.id, 'organiser', { actorId: null });
  const { token } = await caller(site, organiser);
  const url = `${site.origin}/organise/${competition.slug}/archives`;
  return { competition, token, url, ask: asker(url, token) };
}

function asker(url: string, token: string | null): Ask {
  return (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    return fetch(url + path, { ...init, headers });
  };
}

const begin = (ask: Ask, bytes: number, name = 'speech.zip') =>
  ask(`?file=${encodeURIComponent(name)}&bytes=${bytes}`, { method: 'POST' });
const put = (ask: Ask, id: string, offset: number, part: Uint8Array, headers: Record<string, string> = {}) =>
  ask(`/${id}?offset=${offset}`, {
    method: 'PUT',
    body: part as BodyInit,
    headers: { 'Content-Type': 'application/octet-stream', ...headers },
  });

async function send(ask: Ask, archive: Uint8Array): Promise<string> {
  const { id, partBytes } = await (await begin(ask, archive.length)).json();
  for (let at = 0; at < archive.length; at += partBytes) {
    const answer = await put(ask, id, at, archive.subarray(at, at + partBytes));
    expect(await answer.json()).toEqual({ received: Math.min(archive.length, at + partBytes) });
  }
  return id;
}

async function outcomeOf(site: TestSite, competition: Competition): Promise<ImportView> {
  return eventually(30, async () => {
    const [newest] = await listImports(site.owner, competition.id);
    return newest !== undefined && ['done', 'failed'].includes(newest.state) && newest;
  });
}

async function imported(site: TestSite, { ask, competition }: Organised, archive: Uint8Array): Promise<ImportView> {
  expect((await ask(`/${await send(ask, archive)}`, { method: 'POST' })).status).toBe(201);
  return outcomeOf(site, competition);
}

const loud = (seconds: number, step: number) =>
  aWav({ data: samples16(Array.from({ length: 8000 * seconds }, (_, i) => ((i * step) % 20_011) - 10_000)) });

function speech(seconds = 1): { recordings: Uint8Array[]; parts: ZipPart[] } {
  const recordings = [loud(seconds, 7), loud(seconds, 11), loud(seconds, 13)];
  const texts = ['с добрым утром', 'погода сегодня хорошая', 'до скорой встречи'];
  const rows = splits.map((split, i) => `${split}-1,звук/${i}.wav,${texts[i]},${split}`);
  const manifest = {
    name: 'данные/manifest.csv',
    content: `id,audio,text,split\n${rows.join('\n')}\n`,
    deflated: true,
  };
  return {
    recordings,
    parts: [manifest, ...recordings.map((content, i) => ({ name: `данные/звук/${i}.wav`, content }))],
  };
}

/** Archives that organisers send from their browsers, over real HTTP to the built server and its worker. */
export function testArchives(site: () => TestSite): void {
  test('an archive of many parts becomes the data of the competition, byte for byte, and nothing of it stays behind', async () => {
    const { recordings, parts } = speech(290);
    const archive = aZip(parts);
    // More than what frameworks cut bodies off at.
    expect(archive.length).toBeGreaterThan(13 * 2 ** 20);
    const one = await organised(site());
    const outcome = await imported(site(), one, archive);
    expect(outcome).toMatchObject({ state: 'done', path: 'speech.zip', report: { copied: 3, kept: 0, warnings: [] } });
    const ofSplits = splits.map((split) => listUtterances(site().owner, one.competition.id, split));
    const stored = (await Promise.all(ofSplits)).flat();
    const hashes = recordings.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(stored.map(({ sha256 }) => sha256.toString('hex')).sort()).toEqual(hashes.sort());
    await eventually(5, async () => readdirSync(join(site().home, 'uploads')).length === 0);
  });

  test('a part that breaks off, comes damaged or twice is told, and the upload goes on', async () => {
    const { ask, url, token } = await organised(site());
    const archive = aZip(speech().parts);
    const { id } = await (await begin(ask, archive.length)).json();
    const half = archive.subarray(0, 1_000);
    const headers = { Authorization: `Bearer ${token}`, 'Content-Length': half.length };
    const broken = rawRequest(`${url}/${id}?offset=0`, headers, [half.subarray(0, 500)], {
      method: 'PUT',
      hangUp: true,
    });
    await expect(broken).rejects.toThrow('hung up');
    const damaged = await put(ask, id, 0, half, {
      'Content-Digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:`,
    });
    expect([damaged.status, (await damaged.json()).code]).toEqual([400, 'digest-mismatch']);
    expect(await (await put(ask, id, 0, half)).json()).toEqual({ received: 1_000 });
    const again = await put(ask, id, 0, half);
    expect([again.status, await again.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'upload-offset', received: 1_000 }),
    ]);
    const early = await ask(`/${id}`, { method: 'POST' });
    expect([early.status, (await early.json()).code]).toEqual([409, 'upload-incomplete']);
    const tooMuch = await put(ask, id, 1_000, Buffer.alloc(archive.length));
    expect([tooMuch.status, (await tooMuch.json()).code]).toEqual([422, 'upload-size']);
    await put(ask, id, 1_000, archive.subarray(1_000));
    expect((await ask(`/${id}`, { method: 'POST' })).status).toBe(201);
    // Who did not hear the answer asks again, and gets the same import.
    expect((await ask(`/${id}`, { method: 'POST' })).status).toBe(201);
  });

  test('two may be sent at once; the second is imported when the first is through', async () => {
    const one = await organised(site());
    const [first, second] = await Promise.all([
      send(one.ask, aZip(speech().parts)),
      send(one.ask, aZip(speech(2).parts)),
    ]);
    const answers = [await one.ask(`/${first}`, { method: 'POST' }), await one.ask(`/${second}`, { method: 'POST' })];
    expect(answers.map(({ status }) => status)).toEqual([201, 409]);
    expect((await outcomeOf(site(), one.competition)).state).toBe('done');
    expect((await one.ask(`/${second}`, { method: 'POST' })).status).toBe(201);
    expect((await outcomeOf(site(), one.competition)).state).toBe('done');
  });

  test.each<[string, () => Uint8Array, string]>([
    ['cut off', () => aZip(speech().parts).subarray(0, 20_000), 'archive-broken'],
    [
      'a bomb',
      () => aZip([{ name: 'zeros', content: Buffer.alloc(70 * 2 ** 20), deflated: true }]),
      'archive-unpacked',
    ],
    ['one that leads outside', () => aZip([{ name: '../../evil.csv', content: 'x' }]), 'archive-name'],
  ])('%s is not imported, says why, and leaves nothing behind', async (_, archive, code) => {
    const one = await organised(site());
    const outcome = await imported(site(), one, archive());
    expect(outcome).toMatchObject({ state: 'failed', failure: 'archive', problems: [{ code }] });
    await eventually(5, async () => readdirSync(join(site().home, 'uploads')).every((name) => name.endsWith('.zip')));
    expect(readdirSync(site().home)).not.toContain('evil.csv');
  });

  test('what cannot be imported is refused before it is sent', async () => {
    const { ask } = await organised(site());
    expect((await begin(ask, 2 ** 30 + 1)).status).toBe(413);
    expect((await begin(ask, 0)).status).toBe(400);
    const { id } = await (await begin(ask, 5)).json();
    expect((await put(ask, id, 0, Buffer.from('RIFF!'))).status).toBe(415);
    const unlicensed = await organised(site(), { licence: '' });
    const refused = await begin(unlicensed.ask, 5);
    expect([refused.status, (await refused.json()).code]).toEqual([409, 'licence-missing']);
  });

  test('an upload is its sender’s alone, and cancelled it is gone', async () => {
    const one = await organised(site());
    const { id } = await (await begin(one.ask, 5_000)).json();
    const stranger = await caller(site(), await aUser(site().owner));
    const colleague = await aUser(site().owner);
    await grantRole(site().owner, one.competition.id, colleague.id, 'organiser', { actorId: null });
    const theirs = await caller(site(), colleague);
    const asked = (token: string | null, path: string, method: string) => asker(one.url, token)(path, { method });
    expect((await asked(null, `/${id}?offset=0`, 'PUT')).status).toBe(401);
    for (const token of [stranger.token, theirs.token]) {
      for (const method of ['POST', 'DELETE']) expect((await asked(token, `/${id}`, method)).status).toBe(404);
    }
    expect((await begin(asker(one.url, stranger.token), 5_000)).status).toBe(404);
    const file = `${id}.zip`;
    expect(readdirSync(join(site().home, 'uploads'))).toContain(file);
    expect((await one.ask(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(readdirSync(join(site().home, 'uploads'))).not.toContain(file);
    expect((await put(one.ask, id, 0, Buffer.from('PK'))).status).toBe(404);
  });
}

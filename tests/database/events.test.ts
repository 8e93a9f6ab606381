import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSnapshot } from '#lib/board.ts';
import type { Competition } from '#lib/competition.ts';
import { updateCompetition } from '#lib/db/competitions.ts';
import { log } from '#lib/log.ts';
import { createEventHub, eventLimits } from '../../bin/server/events.ts';
import { checkedFetch } from '../api-answers.ts';
import { hoursFromNow, type TestUser } from '../builders.ts';
import { aContest, scoreAll, send } from '../contest.ts';
import { aDatabase, type TestDatabase } from '../db.ts';
import { aServer, follow, type Reader, type TestServer } from '../server.ts';
import { eventually } from '../workers.ts';

let db: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  log.level = 'silent';
  db = await aDatabase();
  server = await aServer(db);
});
afterAll(() => server.close());

async function sendAndScore(competition: Competition, author: TestUser, wrong: number): Promise<void> {
  await send(db, { competition, author }, wrong);
  await scoreAll(db);
}

describe('a stream of events', () => {
  test('begins with the board and brings every new one, with its version as id', async () => {
    const { competition, author } = await aContest(db);
    await sendAndScore(competition, author, 6);
    const reader = await follow(server.origin, competition);
    await eventually(5, async () => reader.events.length === 2);
    await sendAndScore(competition, author, 4);
    await eventually(5, async () => reader.events.length === 3);
    const { now } = JSON.parse(reader.events[0]!.data);
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5000);
    expect(reader.events.map(({ name, id }) => [name, id])).toEqual([
      ['clock', ''],
      ['board', '1'],
      ['board', '2'],
    ]);
    expect(readSnapshot(reader.events[2]!.data)).toMatchObject({ version: 2, rows: [{ rank: 1, wer: 0.16 }] });
    expect(reader.response.headers['content-type']).toContain('text/event-stream');
    await eventually(2, async () => reader.comments > 0);
    reader.close();
  });

  test('yields to who was away the newest board alone, and nothing to who has it', async () => {
    const { competition, author } = await aContest(db);
    for (const wrong of [6, 5, 4]) await sendAndScore(competition, author, wrong);
    const [away, current, opened] = await Promise.all([
      follow(server.origin, competition, { 'Last-Event-ID': '1' }),
      follow(server.origin, competition, { 'Last-Event-ID': '3' }),
      follow(server.origin, competition, {}, '?after=3'),
    ]);
    await eventually(5, async () => away.comments > 0 && current.comments > 0 && opened.comments > 0);
    const boards = (of: Reader) => of.events.filter(({ name }) => name === 'board').map(({ id }) => id);
    expect([away, current, opened].map(boards)).toEqual([['3'], [], []]);
    for (const reader of [away, current, opened]) reader.close();
  });

  test('brings at most one board a second, in the end the newest', async () => {
    const { competition, author } = await aContest(db, { dailyQuota: 100 });
    await sendAndScore(competition, author, 8);
    const reader = await follow(server.origin, competition);
    await eventually(5, async () => reader.events.length === 2);
    for (const wrong of [7, 6, 5, 4, 3, 2]) await sendAndScore(competition, author, wrong);
    await eventually(10, async () => reader.events.at(-1)?.id === '7');
    const told = reader.events.filter(({ id }) => Number(id) > 1);
    const gaps = told.slice(1).map((event, i) => event.at - told[i]!.at);
    expect(Math.min(...gaps, 1000)).toBeGreaterThan(900);
    expect(told.length).toBeLessThan(6);
    reader.close();
  });

  test('is the same under gzip, whose blocks are shared by all readers', async () => {
    const { competition, author } = await aContest(db);
    await sendAndScore(competition, author, 6);
    const answer = await fetch(`${server.origin}/api/v1/competitions/${competition.slug}/events`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const reading = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (mark: string) => {
      while (!text.includes(mark)) text += (await reading.read()).value ?? '';
    };
    await readUntil('id: 1\n');
    await sendAndScore(competition, author, 4);
    await readUntil('id: 2\n');
    await readUntil('"wer":0.16');
    await reading.cancel();
  });

  test('tells when a window opens or closes, and when an organiser moves one', async () => {
    const { competition } = await aContest(db, { submissionsStartAt: hoursFromNow(0.7 / 3600) });
    const reader = await follow(server.origin, competition);
    await eventually(5, async () => reader.events.some(({ name }) => name === 'phase'));
    expect(reader.events.at(-1)).toMatchObject({ name: 'phase', data: '{"phase":"submissions"}' });
    await updateCompetition(
      db.web,
      competition.id,
      { submissionsEndAt: hoursFromNow(1) },
      { actorId: null, reason: 'moved' },
    );
    await eventually(5, async () => reader.events.filter(({ name }) => name === 'phase').length === 2);
    reader.close();
  });

  test('is open to three hundred from one address, and all are told', async () => {
    const { competition, author } = await aContest(db);
    const readers = await Promise.all(Array.from({ length: 300 }, () => follow(server.origin, competition)));
    expect(readers.every(({ response }) => response.statusCode === 200)).toBe(true);
    await sendAndScore(competition, author, 5);
    await eventually(5, async () => readers.every((reader) => reader.events.at(-1)?.id === '1'));
    for (const reader of readers) reader.close();
    await eventually(5, async () => server.events.counts().streams === 0);
  });

  test('keeps apart what a reader has of each kind of news', async () => {
    const { competition, author } = await aContest(db);
    await sendAndScore(competition, author, 6);
    const followed = (await server.competitions.find(competition.slug))!;
    const reveal = { kind: 'reveal', version: 5, body: '{"step":5}' } as const;
    const hub = createEventHub();
    const told = { ...followed, news: [...followed.news, reveal] };
    const listener = createServer((request, response) => hub.open(request, response, told, 'one'));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const [fresh, opened, back] = await Promise.all([
      follow(origin, competition),
      follow(origin, competition, {}, '?after=1,reveal-5'),
      follow(origin, competition, { 'Last-Event-ID': 'reveal-5' }, '?after=1,reveal-3'),
    ]);
    hub.tellNews({ ...told, news: [{ ...reveal, version: 6 }] }, 'reveal');
    const ids = (of: Reader) => of.events.filter(({ name }) => name !== 'clock').map(({ id }) => id);
    await eventually(5, async () => ids(opened).length === 1 && ids(back).length === 1);
    expect([fresh, opened, back].map(ids)).toEqual([['1', 'reveal-5', 'reveal-6'], ['reveal-6'], ['reveal-6']]);
    for (const reader of [fresh, opened, back]) reader.close();
    hub.close();
    listener.close();
  });

  test('is cut off where its reader does not read', async () => {
    const { competition } = await aContest(db);
    const hub = createEventHub({ ...eventLimits, betweenMs: { ...eventLimits.betweenMs, board: 0 } });
    const followed = (await server.competitions.find(competition.slug))!;
    const listener = createServer((request, response) => hub.open(request, response, followed, 'one'));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const request = get({ port, agent: false });
    request.on('error', () => {});
    const response = await new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
    response.pause().on('error', () => {});
    const body = JSON.stringify({ filler: 'x'.repeat(200_000) });
    for (let version = 1; version <= 100 && hub.counts().dropped === 0; version += 1) {
      hub.tellNews({ ...followed, news: [{ kind: 'board', version, body }] }, 'board');
      await sleep(5);
    }
    expect(hub.counts()).toMatchObject({ dropped: 1 });
    await eventually(2, async () => hub.counts().streams === 0);
    hub.close();
    listener.close();
  });

  test('of a draft, or of nothing, does not exist', async () => {
    const { competition } = await aContest(db, { publishedAt: null });
    for (const slug of [competition.slug, 'none']) {
      const response = await checkedFetch(`${server.origin}/api/v1/competitions/${slug}/events`);
      expect([response.status, (await response.json()).code]).toEqual([404, 'not-found']);
    }
  });
});

test('closing ends every stream', async () => {
  const { competition } = await aContest(db);
  const reader = await follow(server.origin, competition);
  server.events.close();
  await eventually(2, async () => reader.isEnded());
});

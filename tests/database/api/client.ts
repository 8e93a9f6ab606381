import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getSubmittedFile } from '#lib/db/scoring.ts';
import { createApiToken } from '#lib/db/tokens.ts';
import { aPredictionsFile, aUser } from '../../builders.ts';
import { aClientMachine, type ClientMachine } from '../../client-program.ts';
import type { TestSite } from '../../site.ts';
import { anUnsteadyLine, type UnsteadyLine } from '../../unsteady-line.ts';
import { aContest, type Contest } from './contest.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** The package for teams as a team runs it, against the server. */
export function testClient(site: () => TestSite): void {
  const machines: ClientMachine[] = [];
  const lines: UnsteadyLine[] = [];
  afterAll(async () => {
    for (const machine of machines) machine.remove();
    for (const line of lines) await line.close();
  });
  const aMachine = (env?: Record<string, string>) => {
    const machine = aClientMachine(env);
    machines.push(machine);
    return machine;
  };

  describe('signing in', () => {
    let machine: ClientMachine;
    let contest: Contest;
    const kept = () => join(machine.home, '.config/rostrum/config.json');
    beforeAll(async () => {
      contest = await aContest(site());
      machine = aMachine();
    });
    const login = (token: string, ...args: string[]) =>
      machine.run(['login', site().origin, ...args], { input: `${token}\n` });

    test('keeps the token that the server knows, for this person alone, and says whose it is', async () => {
      const { code, out, err } = await login(contest.call.token, '--competition', contest.competition.slug);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/: signed in as .+\.\nToken “test”: read, submit\.\nCompetition: /);
      expect(statSync(kept()).mode & 0o777).toBe(0o600);
      expect(statSync(join(kept(), '..')).mode & 0o777).toBe(0o700);
      const { out: who } = await machine.run(['whoami', '--json']);
      expect(JSON.parse(who)).toMatchObject({ server: site().origin, token: { scopes: ['read', 'submit'] } });
    });

    test('keeps nothing of a token that the server does not know', async () => {
      const before = readFileSync(kept(), 'utf8');
      const { code, err } = await login('rst_nobody');
      expect([code, err]).toEqual([3, expect.stringMatching(/does not accept this token: .*\/account\.\n$/)]);
      expect((await login('my password')).err).toMatch(/^This is no token: those of Rostrum begin with rst_/);
      expect(readFileSync(kept(), 'utf8')).toBe(before);
    });

    test('warns of a token that only reads', async () => {
      const user = await aUser(site().owner);
      const token = await createApiToken(site().owner, user.id, { name: 'looks', scopes: ['read'], days: 7 });
      const { out } = await login(token);
      expect(out).toMatch(/Token “looks”: read, until \d/);
      expect(out).toContain('It may not submit');
    });

    test('shows no token to what is no Rostrum', async () => {
      const seen: unknown[] = [];
      const stranger = createServer((request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Welcome</h1>');
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      const address = `127.0.0.1:${(stranger.address() as AddressInfo).port}`;
      const { code, err } = await machine.run(['login', address], { input: 'rst_secret\n' });
      stranger.close();
      expect([code, err]).toEqual([3, expect.stringMatching(/answers \(HTTP 200\), but not as a Rostrum does/)]);
      expect(seen).toEqual([undefined]);
    });

    test.skipIf(!hasPython)('takes what is typed at a terminal and shows none of it', async () => {
      const other = aMachine();
      // A terminal of its own: python's pty, since Node has none.
      const typing = `
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen, told = b"", False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    seen += piece
    if not told and b"unseen): " in seen:
        told = True
        os.write(terminal, b"x\\x7f" + os.environ["TYPED"].encode() + b"\\r")
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
      const { code, out } = await other.run(['login', site().origin], {
        env: { TERM: 'xterm', TYPED: contest.call.token },
        through: ['python3', '-c', typing],
      });
      expect([code, out]).toEqual([0, expect.stringContaining('signed in as')]);
      expect(out).not.toContain(contest.call.token.slice(0, 12));
    });

    test('forgets the token, and says that it stays good elsewhere', async () => {
      const { out } = await machine.run(['logout']);
      expect(out).toContain('was forgotten here');
      expect(readFileSync(kept(), 'utf8')).not.toContain(contest.call.token);
      const { code, err } = await machine.run(['submissions', '--server', site().origin, '--competition', 'x']);
      expect([code, err]).toEqual([3, expect.stringContaining('has no token for')]);
    });
  });

  describe('submitting', () => {
    let contest: Contest;
    let line: UnsteadyLine;
    let machine: ClientMachine;
    const wrong = 'id,text\nnobody,да\n';
    const pending = () => join(machine.home, '.local/state/rostrum/pending');
    beforeAll(async () => {
      contest = await aContest(site(), { dailyQuota: 3 });
      line = await anUnsteadyLine(site().origin);
      lines.push(line);
      machine = aMachine({
        ROSTRUM_URL: line.origin,
        ROSTRUM_TOKEN: contest.call.token,
        ROSTRUM_COMPETITION: contest.competition.slug,
      });
      writeFileSync(join(machine.folder, 'good.csv'), aPredictionsFile(undefined, 3, 'a'));
      writeFileSync(join(machine.folder, 'wrong.csv'), wrong);
    });
    /** Lets the first request of this kind meet a fault. */
    const once = (method: string, fault: ReturnType<UnsteadyLine['fault']>) => {
      let left = 1;
      line.fault = (request) => (request.method === method && left-- > 0 ? fault : null);
    };

    test('waits for the score and tells the place', async () => {
      const { code, out, err } = await machine.run([
        'submit',
        'good.csv',
        '--note',
        'проба',
        '--code',
        'https://x.org/',
      ]);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(
        /^Received on .*, [0-9a-f-]{36}\. Attempt 1 of 3 today\.\nWER 12\.0% .*on the public part\nPlace 1 of 1 /,
      );
      const [stored] = await contest.stored();
      expect(stored).toMatchObject({ fileName: 'good.csv', note: 'проба', codeLink: 'https://x.org/' });
      const bytes = await getSubmittedFile(site().owner, stored!.id);
      expect(gunzipSync(bytes)).toEqual(readFileSync(join(machine.folder, 'good.csv')));
    });

    test('prints one JSON document, and takes the file from the standard input', async () => {
      const input = readFileSync(join(machine.folder, 'good.csv'));
      const { out, err } = await machine.run(['submit', '-', '--json'], { input });
      const document = JSON.parse(out);
      expect(err).toBe('');
      expect(document).toMatchObject({ receipt: { quota: { used: 1 } }, submission: { state: 'scored' }, rank: 1 });
      expect(await contest.stored()).toHaveLength(1);
    });

    test('says what the server finds wrong as of any file', async () => {
      const { code, out, err } = await machine.run(['submit', 'wrong.csv']);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/^wrong\.csv:2:1: id-unknown: There is no utterance "nobody"\./);
      const { out: json } = await machine.run(['submit', 'wrong.csv', '--json']);
      expect(JSON.parse(json)).toMatchObject({ error: { code: 'invalid-file', errors: expect.any(Array) } });
    });

    const rejected = async () => (await contest.stored()).filter(({ state }) => state === 'rejected').length;

    const killBeforeTheAnswer = async () => {
      once('POST', { kind: 'answer-held' });
      const held = line.struck('answer-held');
      const { child, ended } = machine.start(['submit', 'wrong.csv']);
      await held;
      child.kill('SIGKILL');
      expect(await ended).toMatchObject({ code: null });
    };

    test('is stored once where the answer is lost on the way', async () => {
      const before = await rejected();
      once('POST', { kind: 'answer-lost' });
      expect(await machine.run(['submit', 'wrong.csv'])).toMatchObject({ code: 1 });
      expect(line.asked.filter((asked) => asked.startsWith('POST')).length).toBeGreaterThan(1);
      expect(await rejected()).toBe(before + 1);
    });

    test('is stored once by who was killed before the answer came and sends it again', async () => {
      const before = await rejected();
      await killBeforeTheAnswer();
      expect(await machine.run(['submit', 'wrong.csv'])).toMatchObject({ code: 1 });
      expect(await rejected()).toBe(before + 1);
    });

    test('control: without the key that was kept there are two', async () => {
      const before = await rejected();
      await killBeforeTheAnswer();
      rmSync(pending(), { recursive: true });
      await machine.run(['submit', 'wrong.csv']);
      expect(await rejected()).toBe(before + 2);
    });

    test('waits as long as it is asked to, and no longer than for a minute', async () => {
      const problem = (code: string) => ({
        kind: 'instead' as const,
        status: 429,
        body: JSON.stringify({ status: 429, code, detail: 'Too many requests.' }),
      });
      const type = { 'Content-Type': 'application/problem+json' };
      once('GET', { ...problem('rate-limited'), headers: { ...type, 'Retry-After': '1' } });
      const begun = performance.now();
      expect(await machine.run(['submissions'])).toMatchObject({ code: 0 });
      expect(performance.now() - begun).toBeGreaterThan(1000);
      once('GET', { ...problem('rate-limited'), headers: { ...type, 'Retry-After': '3600' } });
      expect(await machine.run(['submissions'])).toMatchObject({ code: 3, err: 'Too many requests.\n' });
    });

    test('outlives a server that goes away and comes back', async () => {
      line.fault = () => null;
      await line.down();
      const { ended } = machine.start(['submit', 'wrong.csv']);
      setTimeout(() => line.up(), 300);
      expect(await ended).toMatchObject({ code: 1 });
    });

    test('tells when new attempts come, and does not wait for them', async () => {
      for (const mark of ['b', 'c', 'd']) {
        writeFileSync(join(machine.folder, `${mark}.csv`), aPredictionsFile(undefined, 2, mark));
      }
      for (const mark of ['b', 'c']) {
        expect(await machine.run(['submit', `${mark}.csv`, '--no-wait'])).toMatchObject({ code: 0 });
      }
      const { code, err } = await machine.run(['submit', 'd.csv']);
      expect(code).toBe(3);
      expect(err).toMatch(/No attempts are left for today\..*\nNew attempts come on \d.*--split dev\n/);
    });

    test('lists what was sent, and shows one by the beginning of its id', async () => {
      const { out } = await machine.run(['submissions']);
      expect(out).toMatch(/^id +received +split +state +WER +file +note\n/);
      expect(out).toContain('Attempts today: 3 of 3; new ones on');
      const [stored] = (await contest.stored()).filter(({ fileName }) => fileName === 'good.csv');
      const { out: one } = await machine.run(['status', stored!.id.slice(0, 8)]);
      expect(one).toMatch(/^good\.csv, test, .*\nпроба\nWER 12\.0%/);
      expect(await machine.run(['status', 'ffffffff'])).toMatchObject({ code: 2 });
    });

    test('says times in the zone of the competition, wherever the machine stands', async () => {
      const abroad = { env: { TZ: 'America/New_York' } };
      const said = [
        await machine.run(['submissions'], abroad),
        await machine.run(['status'], abroad),
        await machine.run(['leaderboard'], abroad),
        await machine.run(['submit', 'good.csv', '--no-wait'], abroad),
      ].map(({ out }) => out);
      expect(said.map((out) => / MSK\b/.test(out))).toEqual([true, true, true, true]);
      expect((await machine.run(['submit', 'd.csv'], abroad)).err).toMatch(/New attempts come on .* MSK/);
      expect(said.join()).not.toMatch(/EST|EDT|GMT/);
    });

    test('shows the board to people, as CSV and as JSON, as it is and as it was', async () => {
      expect((await machine.run(['leaderboard'])).out).toMatch(/^As of .*\nplace +team +WER/);
      expect((await machine.run(['leaderboard', '--csv'])).out).toMatch(/^rank,team,/);
      expect(JSON.parse((await machine.run(['leaderboard', '--json'])).out).rows).toHaveLength(1);
      const past = await machine.run(['leaderboard', '--at', '2020-01-01T00:00:00Z']);
      expect(past.out).toContain('Nobody has a score yet.');
    });

    test('checks a file against what the server expects', async () => {
      const { code, err } = await machine.run(['validate', 'wrong.csv', '--competition', contest.competition.slug]);
      expect([code, err]).toEqual([1, expect.stringMatching(/^wrong\.csv:2:1: id-unknown: /)]);
      const fine = await machine.run(['validate', 'good.csv', '--competition', contest.competition.slug]);
      expect(fine).toMatchObject({ code: 0, out: 'good.csv: csv, 10 hypotheses, no problems.\n' });
    });

    test('finds the competition that is meant, or says which there are', async () => {
      const { code, err } = await machine.run(['leaderboard'], { env: { ROSTRUM_COMPETITION: '' } });
      expect([code, err]).toEqual([2, expect.stringContaining('There are several competitions: ')]);
      expect((await machine.run(['competitions', 'use', contest.competition.slug])).code).toBe(0);
      expect((await machine.run(['leaderboard'], { env: { ROSTRUM_COMPETITION: '' } })).code).toBe(0);
      expect((await machine.run(['competitions'])).out).toContain(`*  ${contest.competition.slug}`);
    });

    test('speaks the reader’s language, and the server with it', async () => {
      const { err } = await machine.run(['submit', 'wrong.csv'], { env: { LC_ALL: 'ru_RU.UTF-8' } });
      expect(err).toMatch(/^wrong\.csv:2:1: id-unknown: [А-Я]/);
    });

    test('completes commands, options and competitions that were seen', async () => {
      const offered = async (...typed: string[]) =>
        (await machine.run(['completion', 'words', '--', ...typed])).out.trim().split('\n');
      expect(await offered('subm')).toEqual(['submissions', 'submit']);
      expect(await offered('submit', '--split', '')).toEqual(['dev', 'test']);
      expect(await offered('leaderboard', '--competition', '')).toContain(contest.competition.slug);
    });
  });
}

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { quickStart, type Tool } from '#lib/quick-start.ts';
import type { TestSite } from '../../site.ts';
import type { Contest } from './contest.ts';
import { aHeardContest } from './toolkit.ts';

const isThere = (program: string) => spawnSync(program, ['--version']).status === 0;

/** Every cell of the quick start, as the page gives it, against the server: from the data to the board. */
export function testQuickStart(site: () => TestSite): void {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-quick-start-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The cells in one program, run where nothing else lies; the token is what a person types, or has in a variable. */
  async function run(contest: Contest, tool: Tool, token: string) {
    const place = { origin: site().origin, slug: contest.competition.slug, tokenName: 'the token\n“$(exit 9)”' };
    const cells = quickStart(tool, place);
    const program = cells.filter(({ language }) => tool === 'curl' || language !== 'sh').map(({ code }) => code);
    const cwd = mkdtempSync(join(folder, `${tool}-`));
    const [command, file] = {
      curl: ['bash', 'cells.sh'],
      python: ['python3', 'cells.py'],
      node: ['node', 'cells.mjs'],
    }[tool];
    writeFileSync(join(cwd, file!), `${program.join('\n\n')}\n`);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      HOME: cwd,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      ROSTRUM_TOKEN: tool === 'curl' ? '' : token,
    };
    const done = new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const child = execFile(command!, tool === 'curl' ? ['-e', file!] : [file!], { cwd, env }, (error, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err }),
      );
      child.stdin?.end(`${token}\n`);
    });
    return { ...(await done), files: readdirSync(cwd), read: (name: string) => readFileSync(join(cwd, name), 'utf8') };
  }

  const tools: [tool: Tool, needs: string][] = [
    ['curl', 'curl'],
    ['python', 'python3'],
    ['node', 'node'],
  ];
  describe.each(tools)('in %s', (tool, needs) => {
    test.skipIf(!isThere(needs))(
      `ends with a scored file and a place on the board (skipped without ${needs})`,
      async () => {
        const contest = await aHeardContest(site());
        const { code, out, err } = await run(contest, tool, contest.call.token);
        expect([code, err]).toEqual([0, '']);
        const [submission, ...others] = await contest.stored();
        expect(others).toEqual([]);
        expect(submission).toMatchObject({ split: 'test', state: 'scored', late: false });
        const board = await contest.call(`/competitions/${contest.competition.slug}/leaderboard`);
        const { rows } = (await board.json()) as { rows: { rank: number; team: string; wer: number }[] };
        // Every word is missing.
        expect(rows).toMatchObject([{ rank: 1, wer: 1 }]);
        expect(out).toContain(submission!.id);
        expect(out.trim().split('\n').at(-1)).toContain(rows[0]!.team);
      },
    );
  });

  test('stops with the server’s own words where the token is wrong', async () => {
    const contest = await aHeardContest(site());
    const { code, err, files } = await run(contest, 'node', 'rst_wrong');
    expect(code).not.toBe(0);
    expect(err).toContain('unauthenticated');
    expect(files).not.toContain('test.zip');
    expect(await contest.stored()).toEqual([]);
  });
}

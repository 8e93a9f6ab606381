import { expect, test } from 'vitest';
import { type Attacked, askAs, forEach } from './attacked.ts';

/*
 * Two teams of one competition. Everything that the one is shown is recorded, every address and every id in it; then another asks for the
 * same with its own cookie, and is shown nothing of it.
 */

const begin = [
  '/account',
  '/c/open',
  '/c/open/team',
  '/c/open/team/method',
  '/c/open/team/talk',
  '/c/open/submissions',
  '/c/open/submit',
  '/c/open/lab',
  '/c/open/results',
  '/c/open/defence',
  '/course/open',
  '/course/open/sheet',
  '/api/v1/me',
  '/api/v1/competitions/open/me',
  '/api/v1/competitions/open/submissions',
  '/api/v1/competitions/open/leaderboard',
];
/** Where an id may be put. */
const holes = [
  '/api/v1/submissions/{id}',
  '/api/v1/submissions/{id}/file',
  '/c/open/submissions/{id}',
  '/c/open/lab?file={id}',
  '/c/open/lab?file={id}&against={id}',
  '/c/open/lab/download?file={id}',
  '/c/open/defence/{id}',
  '/c/open/defence/{id}/slides',
  '/organise/open/teams/{id}',
  '/organise/open/archives/{id}',
  '/course/open/manage/students/{id}',
  '/join/{id}',
];
const mostPages = 50;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

type Recorded = { bodies: Map<string, string>; ids: Set<string> };

/** What the caller is shown from where they begin and two steps on, and every id in it. */
async function record(attacked: Attacked, caller: string): Promise<Recorded> {
  const bodies = new Map<string, string>();
  const ids = new Set<string>();
  let next: string[] = begin;
  for (let step = 0; step < 3; step += 1) {
    const found = new Set<string>();
    const fresh = next.filter((path) => !bodies.has(path)).slice(0, mostPages - bodies.size);
    await forEach(fresh, async (path) => {
      const body = await textOf(await askAs(attacked, caller, path));
      bodies.set(path, body);
      for (const [id] of body.matchAll(uuid)) ids.add(id);
      for (const link of linksIn(body)) found.add(link);
    });
    next = [...found];
  }
  return { bodies, ids };
}

/** Of everybody: recordings, files of the product, the demo's outbox; what one reader is shown of them another is. */
const everybodys =
  /^\/(_next|docs|toolkit|fonts|preferences|live|outbox|sign-|api\/auth)|\/data\/|\/(quick-start|normalise|history)\b|\.(css|js|svg|woff2)$|\/events$/;

/** Own addresses in a page or a document. */
function linksIn(body: string): string[] {
  return [...body.matchAll(/(?:href|src|action)="(\/[^"]*)"|"(\/(?:api|c|course|organise)\/[^"\\ ]*)"/g)]
    .map((match) => (match[1] ?? match[2]!).replaceAll('&amp;', '&').split('#')[0]!)
    .filter((path) => !everybodys.test(path));
}

async function textOf(response: Response): Promise<string> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream) return Buffer.from(await response.arrayBuffer()).toString('latin1');
  await response.body?.cancel();
  return '';
}

export function testNeighbours(attacked: () => Attacked): void {
  test('get nothing of what one team was shown, by its addresses or its ids', async () => {
    const secrets = Object.entries(attacked().secretsOfMember);
    const told = (body: string) => secrets.filter(([, secret]) => body.includes(secret)).map(([name]) => name);
    const { bodies, ids } = await record(attacked(), 'member');
    // The control: all of it is there to be taken, and the walk went far.
    expect([...new Set([...bodies.values()].flatMap(told))].sort()).toEqual(
      Object.keys(attacked().secretsOfMember).sort(),
    );
    expect(bodies.size).toBeGreaterThan(20);
    expect(ids.size).toBeGreaterThan(3);

    const paths = [...bodies.keys(), ...[...ids].flatMap((id) => holes.map((hole) => hole.replaceAll('{id}', id)))];
    const leaks: string[] = [];
    await forEach(new Set(paths), async (path) => {
      for (const caller of bodies.has(path) ? ['rival', 'nobody'] : ['rival']) {
        const response = await askAs(attacked(), caller, path);
        const names = told(await textOf(response));
        if (names.length > 0 || response.status >= 500) leaks.push(`${response.status} ${caller} ${path}: ${names}`);
      }
    });
    expect(leaks).toEqual([]);
  }, 120_000);
}

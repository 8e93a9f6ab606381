import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { caller } from '../site.ts';
import { type Figure, median, quantile } from './measure.ts';
import { aBigContest, withSite } from './site.ts';

const rounds = 11;
const utterances = 10_000;
const program = join(import.meta.dirname, '../../dist/client/dist/rostrum.mjs');

/**
 * `rostrum submit --no-wait` of 10,000 hypotheses, a process each, from its start to its end. Beside it, in turns: curl with bytes of the
 * same size, packed already, and Node that does nothing, the least that any program of Node takes.
 */
export async function submit(): Promise<Figure[]> {
  return withSite(async (site) => {
    const { competition, author, texts } = await aBigContest(site, utterances);
    const { token } = await caller(site, author);
    const folder = mkdtempSync(join(tmpdir(), 'rostrum-bench-'));
    const env = { ...process.env, HOME: folder, ROSTRUM_URL: site.origin, ROSTRUM_TOKEN: token };
    const url = `${site.origin}/api/v1/competitions/${competition.slug}/submissions?split=test`;
    const file = (name: string, mark: string, pack: (bytes: Buffer) => Buffer = (bytes) => bytes) => {
      const lines = texts.map((text, i) => `u${String(i).padStart(6, '0')},${i === 0 ? mark : text}`);
      writeFileSync(join(folder, name), pack(Buffer.from(`id,text\n${lines.join('\n')}\n`)));
      return join(folder, name);
    };
    const timed = (command: string, args: string[]) => {
      const begun = performance.now();
      execFileSync(command, args, { cwd: folder, env, stdio: 'pipe' });
      return (performance.now() - begun) / 1000;
    };
    const times = { client: [] as number[], curl: [] as number[], node: [] as number[] };
    // The first round warms what is kept in memory, as every upload but the first of a day finds it.
    for (let round = 0; round <= rounds; round += 1) {
      const ours = file('ours.csv', `наше ${round}`);
      const client = timed(process.execPath, [
        program,
        ...['submit', ours, '--no-wait', '--competition', competition.slug],
      ]);
      const theirs = file('theirs.csv.gz', `чужое ${round}`, gzipSync);
      const curl = timed('curl', [
        ...['-sf', '-o', join(folder, 'receipt'), '-H', `Authorization: Bearer ${token}`],
        ...['-H', 'Content-Type: application/gzip', '--data-binary', `@${theirs}`, url],
      ]);
      const node = timed(process.execPath, ['-e', '0']);
      if (round === 0) continue;
      times.client.push(client);
      times.curl.push(curl);
      times.node.push(node);
    }
    rmSync(folder, { recursive: true });
    return [
      { what: 'rostrum submit, start to receipt, median', value: median(times.client), unit: 's', most: 0.6 },
      { what: 'rostrum submit, start to receipt, p95', value: quantile(times.client, 0.95), unit: 's' },
      { what: 'curl with the packed bytes, median', value: median(times.curl), unit: 's' },
      { what: 'node that does nothing, median', value: median(times.node), unit: 's' },
      {
        what: 'rostrum submit against curl and node together',
        value: median(times.client) / (median(times.curl) + median(times.node)),
        unit: '×',
      },
    ];
  });
}

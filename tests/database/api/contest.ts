import { eq } from 'drizzle-orm';
import type { Competition } from '#lib/competition.ts';
import { submissions } from '#lib/db/schema.ts';
import { aCompetition, aTeam, aTestSplit } from '../../builders.ts';
import { type Call, caller, sending, type TestSite } from '../../site.ts';

/** A competition with ten recordings and a team of one, who uploads. */
export type Contest = {
  competition: Competition;
  call: Call & { token: string };
  /** A program's upload for the test split. */
  upload(body: Uint8Array | string, headers?: Record<string, string>, query?: string): Promise<Response>;
  /** What has come of the team's uploads. */
  stored(): Promise<(typeof submissions.$inferSelect)[]>;
  /** For uploads that no fetch would make. */
  uploadUrl: string;
  rawHeaders: Record<string, string>;
};

export async function aContest(site: TestSite, given: Parameters<typeof aCompetition>[1] = {}): Promise<Contest> {
  const competition = await aTestSplit(site.owner, await aCompetition(site.owner, given));
  const { team, people } = await aTeam(site.owner, competition);
  const call = await caller(site, people[0]!);
  const path = `/competitions/${competition.slug}/submissions?split=test`;
  return {
    competition,
    call,
    upload: (body, headers = {}, query = '') => call(path + query, sending(body, headers)),
    stored: () => site.owner.select().from(submissions).where(eq(submissions.teamId, team.id)),
    uploadUrl: `${site.origin}/api/v1${path}`,
    rawHeaders: { Authorization: `Bearer ${call.token}`, 'Content-Type': 'text/csv' },
  };
}

/** A file that is taken and has this many bytes, most of them in blank lines at its end. */
export function padded(file: Buffer, bytes: number): Buffer {
  return Buffer.concat([file, Buffer.alloc(bytes - file.length, `${' '.repeat(500_000)}\n`)]);
}

export function* pieces(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

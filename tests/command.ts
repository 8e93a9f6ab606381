import { vi } from 'vitest';
import { run } from '../bin/program.ts';

export type Outcome = { code: number; out: string; err: string };

/** The command line in this process, in English, on the database of `ownerUrl`. */
export async function rostrum(ownerUrl: string, ...args: string[]): Promise<Outcome> {
  const written = { out: '', err: '' };
  const keep = (stream: keyof typeof written) => (text: string | Uint8Array) => {
    written[stream] += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err')),
  ];
  vi.stubEnv('DATABASE_URL', ownerUrl);
  try {
    return { code: await run(['--language', 'en', ...args]), ...written };
  } finally {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

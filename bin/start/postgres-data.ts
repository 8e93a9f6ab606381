import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killGroup } from './commands.mjs';
import { explainFailure, type PostgresProgram, runProgram } from './postgres-server.ts';
import { Refusal } from './sentences.mjs';

/** PostgreSQL reads only the data directories of its own major version. */
export function requireKnownMajor(data: string, have: number, home: string): void {
  const file = join(data, 'PG_VERSION');
  if (!existsSync(file)) return;
  const made = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (made > have) throw new Refusal('data-newer', { home, made, have });
  if (made < have) throw new Refusal('data-older', { home, made, have });
}

/** Made beside its place and moved there whole, so that an interrupted first start leaves nothing half made. */
export async function makeDataDirectory(program: PostgresProgram): Promise<void> {
  const unfinished = join(program.folder, 'data.unfinished');
  const passwordFile = join(program.folder, 'password.unfinished');
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${program.password}\n`, { mode: 0o600 });
  if (program.user.owner !== undefined) spawnSync('chown', [String(program.user.owner), passwordFile]);
  const initdb = runProgram(program.binaries.initdb, initdbArguments(unfinished, passwordFile), program);
  const kill = () => killGroup(initdb.child.pid, 'SIGKILL');
  program.signal?.addEventListener('abort', kill);
  try {
    const code = await initdb.ended;
    program.signal?.throwIfAborted();
    if (code !== 0) throw explainFailure(program, initdb.output());
    // Everybody comes with a password, also on this machine: `trust` would let the web log in as the scorer.
    writeFileSync(join(unfinished, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    renameSync(unfinished, program.data);
  } finally {
    program.signal?.removeEventListener('abort', kill);
    rmSync(passwordFile, { force: true });
  }
}

function initdbArguments(data: string, passwordFile: string): string[] {
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  return [`--pgdata=${data}`, ...access, ...locale, '--no-sync', '--no-instructions'];
}

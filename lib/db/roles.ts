import pg from 'pg';
import { withoutOtherMigrators } from '#lib/db/migrate.ts';

export type RoleName = 'rostrum_web' | 'rostrum_scorer';
/** A null password makes a role that cannot log in itself: the given addresses use members of it. */
export type RolePasswords = Record<RoleName, string | null>;

export type RolesOutcome =
  | { status: 'ready'; created: RoleName[] }
  /** The owner may not create roles: what the administrator of the database has to run. */
  | { status: 'not-permitted'; sql: string };

const roleNames: readonly RoleName[] = ['rostrum_web', 'rostrum_scorer'];

/** Makes the roles that migrations grant rights to. Roles that exist keep their passwords. */
export async function ensureRoles(ownerUrl: string, passwords: RolePasswords): Promise<RolesOutcome> {
  return withoutOtherMigrators(ownerUrl, async (client) => {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
      roleNames,
    ]);
    const missing = roleNames.filter((name) => !rows.some(({ rolname }) => rolname === name));
    if (missing.length === 0) return { status: 'ready', created: [] };
    const sql = missing.map((name) => creation(name, passwords[name])).join('\n');
    if (!(await mayCreateRoles(client))) return { status: 'not-permitted', sql };
    await client.query(`begin;\n${sql}\ncommit;`);
    return { status: 'ready', created: missing };
  });
}

/** Null where `url` can be used, else what the server or the network said. */
export async function whyUnreachable(url: string): Promise<{ code: string; message: string } | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A refused connection to a name with several addresses has an empty message.
    return { code: code ?? '', message: message || code || String(error) };
  } finally {
    await client.end().catch(() => {});
  }
}

/** 150004 for PostgreSQL 15.4. */
export async function readServerVersion(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    );
    return rows[0]!.version;
  } finally {
    await client.end();
  }
}

function creation(name: RoleName, password: string | null): string {
  const login = password === null ? 'nologin' : `login password ${pg.escapeLiteral(password)}`;
  // A receipt promises that a submission survives a power cut, whatever the server's own default.
  return `create role ${name} ${login};\nalter role ${name} set synchronous_commit = on;`;
}

async function mayCreateRoles(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'select rolcreaterole or rolsuper as may from pg_roles where rolname = current_user',
  );
  return rows[0]?.may === true;
}

import { Placeholder, type SQL } from 'drizzle-orm';
import { drizzle, type NodePgSession } from 'drizzle-orm/node-postgres';
import { type Connection, casing, type Database, dialect } from '#lib/db/client.ts';
import * as schema from '#lib/db/schema.ts';

/*
 * Statements that are asked dozens of times a second: written once in the life of a process, and planned once by each connection. To
 * write one anew takes longer than to ask it.
 */

type Values = Record<string, unknown>;
type Written<Answer> = { execute(values: Values): Promise<Answer> };
type Tables = typeof schema;

/** On it statements are written in which places stand for values; nothing is ever asked of it. */
export type Writer = Pick<Database, 'select' | 'insert'>;
export type Place<V extends Values> = (name: keyof V & string) => Placeholder;
export type Statement<V extends Values, Answer> = (db: Connection, values: V) => Promise<Answer>;

const writer = drizzle.mock({ schema, casing });
const place = (name: string) => new Placeholder(name);

/** A query as drizzle builds it. `name` is the statement's own in the whole process. */
export function prepare<V extends Values, Answer>(
  name: string,
  write: (db: Writer, place: Place<V>) => { prepare(name: string): Written<Answer> },
): Statement<V, Answer> {
  return onceWritten(() => write(writer, place).prepare(name));
}

/** A statement in words of our own; answers with its rows as they come. */
export function prepareSql<V extends Values, Row>(
  name: string,
  write: (place: Place<V>, db: Writer) => SQL,
): Statement<V, Row[]> {
  const ask = onceWritten<V, { rows: Row[] }>(() =>
    writer._.session.prepareQuery<{ execute: { rows: Row[] }; all: never; values: never }>(
      dialect.sqlToQuery(write(place, writer)),
      undefined,
      name,
      false,
    ),
  );
  return async (db, values) => (await ask(db, values)).rows;
}

function onceWritten<V extends Values, Answer>(write: () => Written<Answer>): Statement<V, Answer> {
  let written: Written<Answer> | undefined;
  return (db, values) => {
    written ??= write();
    return on(db, written).execute(values);
  };
}

/** drizzle ties a statement to the connection that it was written on; this is the same one on another. */
function on<Answer>(db: Connection, written: Written<Answer>): Written<Answer> {
  // `client` is private to it; every other way writes the statement again.
  const { client } = (db as Database)._.session as NodePgSession<Tables, never> & { client: unknown };
  return Object.create(written, { client: { value: client } });
}

import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import { ConnectionLostError, isConnectionLost, isDiskFull } from '#lib/db/lost-connection.ts';

const coded = (code: string, message = '') => Object.assign(new Error(message), { code });
const asked = (cause: Error) => new DrizzleQueryError('select 1', [], cause);

test('a database that cannot be reached, that ends a connection or refuses one is lost', () => {
  const lost = [
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH'].map((code) => asked(coded(code))),
    ...['57P01', '57P02', '57P03', '08006', '53300'].map((code) => asked(coded(code))),
    asked(new Error('Connection terminated unexpectedly')),
    asked(new Error('timeout exceeded when trying to connect')),
    asked(new Error('Client has encountered a connection error and is not queryable')),
    new Error('the split was not read', { cause: asked(coded('57P01')) }),
    new ConnectionLostError('in a thread'),
  ];
  expect(lost.filter((error) => !isConnectionLost(error))).toEqual([]);
});

test('what the database refuses, what it would refuse again, and the loss of another service are not', () => {
  const others = [
    ...['23505', '40P01', '53100', '08P01', '57P05'].map((code) => asked(coded(code))),
    coded('ECONNREFUSED', 'connect to the object store'),
    new TypeError('fetch failed', { cause: coded('ECONNRESET') }),
    asked(new Error('anything else')),
    'a text',
  ];
  expect(others.filter(isConnectionLost)).toEqual([]);
});

test('a full disk of the database is told from that of this machine', () => {
  expect(isDiskFull(asked(coded('53100')))).toBe(true);
  expect([coded('ENOSPC'), coded('53100'), asked(coded('53200'))].filter(isDiskFull)).toEqual([]);
});

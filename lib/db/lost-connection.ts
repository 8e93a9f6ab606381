import { DrizzleQueryError } from 'drizzle-orm/errors';
import { codesOf } from '#lib/log.ts';
import { brokenNetworkCodes } from '#lib/network-codes.ts';

/** Said by a thread that lost its own connection; errors lose their class on the way between threads. */
export class ConnectionLostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectionLostError';
  }
}

/**
 * Whether the connection to the database was lost or refused, and with it the answer: nobody knows whether what was asked has happened.
 * The error of another service that cannot be reached is none of it.
 */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionLostError || databaseCodesOf(error).some(isLossCode);
}

/** Whether the database has no room to write: it answers, and will take the same when there is some. */
export function isDiskFull(error: unknown): boolean {
  return databaseCodesOf(error).includes('53100');
}

/**
 * SQLSTATE (class 08 without 08P01, which a statement of our own may be told again and again; 57P01 to 57P03; 53300, no connection
 * left), Node's code, or the first words where there is none: the pool's wait or the socket at its end, and what is asked of a connection
 * after it broke, which is all that is left to see where that was the end of a transaction.
 */
export function isLossCode(code: string): boolean {
  return (
    /^(0800[0-9]|57P0[123]|53300)$/.test(code) ||
    brokenNetworkCodes.includes(code) ||
    code === 'ENOTFOUND' ||
    /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/.test(
      code,
    )
  );
}

/** Of a query that failed, and of nothing else. */
function databaseCodesOf(error: unknown): string[] {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DrizzleQueryError) return codesOf(cause);
  }
  return [];
}

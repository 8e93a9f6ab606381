import type { Problem } from '#lib/problems.ts';

/**
 * An outcome that a person can act on, with everything they need for it. `code` is stable and part of the outside contract;
 * the sentence is the message `common.error-${code}` (lib/messages) filled with `values`.
 */
export class RefusedError extends Error {
  readonly code: string;
  readonly status: number;
  readonly values: Record<string, string | number>;
  readonly headers: Record<string, string>;

  constructor(
    code: string,
    status: number,
    values: Record<string, string | number> = {},
    headers: Record<string, string> = {},
  ) {
    super(`${code} ${JSON.stringify(values)}`);
    this.name = new.target.name;
    this.code = code;
    this.status = status;
    this.values = values;
    this.headers = headers;
  }
}

/** Also thrown where a thing exists that the viewer may not know of. */
export class NotFoundError extends RefusedError {
  constructor(kind: string, id: string) {
    super('not-found', 404, { kind, id });
  }
}

/** The header says what is wrong with a token, where one was shown (RFC 6750 §3). */
export class UnauthenticatedError extends RefusedError {
  constructor(error?: 'invalid_token') {
    super(
      'unauthenticated',
      401,
      {},
      { 'WWW-Authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"` },
    );
  }
}

/** A token that may do other things. */
export class ScopeError extends RefusedError {
  constructor(scope: string) {
    super('scope', 403, { scope }, { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` });
  }
}

export class ForbiddenError extends RefusedError {
  constructor(code = 'forbidden', values: Record<string, string | number> = {}) {
    super(code, 403, values);
  }
}

export class TooManyRequestsError extends RefusedError {
  constructor(code: string, retryAfterSeconds: number, values: Record<string, string | number> = {}) {
    super(
      code,
      429,
      { retryAfterSeconds, ...values },
      { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    );
  }
}

/** A file refused with all its problems. */
export class InvalidFileError extends RefusedError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], values: Record<string, string | number> = {}) {
    super('invalid-file', 422, { count: problems.length, ...values });
    this.problems = problems;
  }
}

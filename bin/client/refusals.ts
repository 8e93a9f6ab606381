import type { FileError } from '#lib/http.ts';

/** RFC 9457 as our servers fill it in. `detail` is a sentence in the language that was asked for. */
export type ProblemDocument = {
  status: number;
  code: string;
  detail: string;
  errors?: readonly FileError[];
  /** Further values of the code, such as `opensAt`. */
  [value: string]: unknown;
};

/** The server understood and said no: exit code 1 where it is about the file that was sent, else 3. */
export class RefusedByServerError extends Error {
  readonly server: string;
  readonly problem: ProblemDocument;
  readonly hadToken: boolean;
  /** Of the Retry-After header. */
  readonly retryAfterSeconds: number | null;
  /** What was sent, for `file:line:column:`. */
  file = '';

  constructor(server: string, problem: ProblemDocument, told: { hadToken: boolean; retryAfterSeconds: number | null }) {
    super(`${server}: ${problem.code}`);
    this.name = 'RefusedByServerError';
    this.server = server;
    this.problem = problem;
    this.hadToken = told.hadToken;
    this.retryAfterSeconds = told.retryAfterSeconds;
  }
}

/** Nobody answered, however often we tried: exit code 3. */
export class UnreachableError extends Error {
  readonly server: string;

  constructor(server: string, cause: unknown) {
    super(`${server} cannot be reached`, { cause });
    this.name = 'UnreachableError';
    this.server = server;
  }
}

/** Something answers there, and it is no Rostrum: exit code 3. */
export class NoRostrumError extends Error {
  readonly server: string;
  readonly status: number;

  constructor(server: string, status: number) {
    super(`${server} is no Rostrum: ${status}`);
    this.name = 'NoRostrumError';
    this.server = server;
    this.status = status;
  }
}

/** What is stored there under this address is not what the server announced: exit code 3. */
export class DamagedDownloadError extends Error {
  readonly url: string;

  constructor(url: string) {
    super(`${url} is not what was announced`);
    this.name = 'DamagedDownloadError';
    this.url = url;
  }
}

/** The token was not taken: exit code 3. */
export class WrongTokenError extends Error {
  readonly server: string;
  readonly isLikeOne: boolean;

  constructor(server: string, token: string) {
    super(`${server} refused the token`);
    this.name = 'WrongTokenError';
    this.server = server;
    this.isLikeOne = token.startsWith('rst_');
  }
}

/** There is less room than the data take: exit code 3. */
export class NoRoomError extends Error {
  readonly folder: string;
  readonly neededBytes: number;
  readonly freeBytes: number;

  constructor(folder: string, neededBytes: number, freeBytes: number) {
    super(`${folder} has ${freeBytes} bytes free of ${neededBytes}`);
    this.name = 'NoRoomError';
    this.folder = folder;
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
  }
}

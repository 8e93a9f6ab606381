import type { ServerResponse } from 'node:http';

const given = 'X-Rostrum-Length';

/**
 * Next sends no Content-Length of a route's answer, so a download would show no progress and HEAD no size. Routes give it under a
 * name of ours as well (lib/http.ts); it becomes the header it is just before the headers go out.
 */
export function keepLength(response: ServerResponse): void {
  const writeHead = response.writeHead;
  response.writeHead = function withLength(this: ServerResponse, ...args: unknown[]) {
    const length = this.getHeader(given);
    if (length !== undefined) {
      this.removeHeader(given);
      this.setHeader('Content-Length', String(length));
    }
    return Reflect.apply(writeHead, this, args);
  } as typeof writeHead;
}

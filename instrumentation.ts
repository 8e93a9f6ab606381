import type { Instrumentation } from 'next';

/*
 * Next looks for this file. A page or an action that fails is one line of the log, found by what its reader can quote: the number on the
 * error page, or X-Request-Id. The route's name stands for the path, which may be a link with a secret in it.
 */
export const onRequestError: Instrumentation.onRequestError = async (error, { method, headers }, { routePath }) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { log } = await import('#lib/log.ts');
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error({ err: error, digest, requestId: headers['x-request-id'], method, route: routePath }, 'page failed');
};

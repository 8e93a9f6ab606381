import { NotFoundError } from '#lib/errors.ts';
import { handler } from '#lib/http.ts';

/** Whoever programs against the API gets its kind of error for a misspelt address too, not a page. */
const nothing = handler<{ path?: string[] }>(async ({ params }) => {
  throw new NotFoundError('address', (params.path ?? []).join('/'));
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };

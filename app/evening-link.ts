import { redirect } from 'next/navigation';
import { admitGuest } from '#lib/auth/evening-guest.ts';
import { withBase } from '#lib/base-path.ts';
import type { EveningRole } from '#lib/db/evening-links.ts';
import { NotFoundError, TooManyRequestsError } from '#lib/errors.ts';

/**
 * What a one-evening link does when it is opened: the token goes into a cookie, and the browser to a page whose address holds none.
 * The page says what to do where a link no longer opens.
 */
export async function openLink(token: string, role: EveningRole, page: '/stage' | '/jury'): Promise<Response> {
  try {
    await admitGuest(token, role);
  } catch (error) {
    if (error instanceof TooManyRequestsError) return new Response(null, { status: 429, headers: error.headers });
    if (!(error instanceof NotFoundError)) throw error;
  }
  redirect(withBase(page));
}

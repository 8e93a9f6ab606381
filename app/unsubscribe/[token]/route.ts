import { visitor } from '#lib/auth.ts';
import { withBase } from '#lib/base-path.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { handler } from '#lib/http.ts';
import { stopMails } from '#lib/mail/stop-mails.ts';

/*
 * The address in a mail's List-Unsubscribe header (RFC 8058): mail programs post there when their button is pressed, from anywhere and
 * without a cookie. The signed link is all it takes, so there is no other site's form to fear.
 */

type Params = { token: string };

export const POST = handler<Params>(async ({ params: { token } }) => {
  await stopMails(webDatabase(), webEnv().secret, { token, network: (await visitor()).network });
  return new Response('ok\n', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
});

/** Scanners of mail open every address: looking ends nothing, and people get a page with a button. */
export const GET = handler<Params>(async ({ params: { token } }) => {
  const Location = withBase(`/unsubscribe?token=${encodeURIComponent(token)}`);
  return new Response(null, { status: 303, headers: { Location } });
});

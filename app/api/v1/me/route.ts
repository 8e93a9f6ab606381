import type { AccountAnswer } from '#lib/api/answers.ts';
import { requireCaller } from '#lib/auth.ts';
import { findApiToken } from '#lib/db/tokens.ts';
import { webDatabase } from '#lib/db/web.ts';
import { declared } from '../declared.ts';

/** Who asks, and by which token: a program shows it to whoever just typed one. */
export const GET = declared('getAccount', async ({ request }) => {
  const user = await requireCaller(request, 'read');
  const secret = /^Bearer +([\w-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const token = secret === undefined ? null : await findApiToken(webDatabase(), secret);
  const answer: AccountAnswer = {
    user: { id: user.id, name: user.name },
    token: token && { name: token.name, scopes: token.scopes, expiresAt: token.expiresAt?.toISOString() ?? null },
  };
  return Response.json(answer);
});

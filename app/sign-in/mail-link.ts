import { z } from 'zod';
import { visitor } from '#lib/auth.ts';
import { mailLinkMinutes } from '#lib/db/mail-links.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import { type EmailAddress, parseEmailAddress } from '#lib/identity/email-address.ts';
import { requestMailLink, type Wish } from '#lib/identity/links.ts';
import { type MailDelivery, mailDelivery } from '#lib/identity/mail-delivery.ts';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../language.ts';
import { wayBack } from './way-back.ts';

const LinkForm = z.object({ email: z.string(), next: z.string().optional() });

/** Mails the link that a form asks for; says the same whether the address has an account or not. */
export async function mailLink(wish: Wish, form: FormData): Promise<ActionAnswer> {
  const { t, language } = await pageLanguage();
  const { network } = await visitor();
  const { email, next } = LinkForm.parse(Object.fromEntries(form));
  const address = typedAddress(email);
  const delivery = requireMail();
  const { origin: site, registration } = webEnv();
  const request = { wish, address, language, network, site, next: wayBack(next), registration };
  await requestMailLink(webDatabase(), request);
  const sentence = delivery === 'outbox' ? 'auth.link-in-outbox' : 'auth.link-sent';
  return { status: 'done', sentence: t(sentence, { email: address.email, minutes: mailLinkMinutes }) };
}

/** Where mails go; refuses 'no-mail' where nowhere. */
export function requireMail(): Exclude<MailDelivery, 'none'> {
  const delivery = mailDelivery();
  if (delivery === 'none') throw new RefusedError('no-mail', 503);
  return delivery;
}

export function typedAddress(email: string): EmailAddress {
  const address = parseEmailAddress(email);
  if (address === null) throw new RefusedError('not-an-address', 422);
  return address;
}

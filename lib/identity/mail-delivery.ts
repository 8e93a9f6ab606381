import { webEnv } from '#lib/env.ts';

/** How mails leave: by a mail server, into the outbox page of a demo, or not at all. */
export type MailDelivery = 'server' | 'outbox' | 'none';

export function mailDelivery(): MailDelivery {
  const { smtpUrl, mode } = webEnv();
  if (smtpUrl !== null) return 'server';
  return mode === 'demo' ? 'outbox' : 'none';
}

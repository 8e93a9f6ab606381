import { composeMail } from '#lib/identity/mail-text.ts';
import { type BounceBox, bounceAddress } from '#lib/mail/bounces.ts';
import { frameMail } from '#lib/mail/frame.ts';
import { createMailTransport, type SendFailure, sendFailure, underSender } from '#lib/mail/transport.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';

export type Tried = { status: 'sent'; answer: string } | { status: 'failed'; failure: SendFailure };

export type MailSender = {
  smtpUrl: string;
  mailFrom: string;
  origin: string;
  bounces: BounceBox | null;
};

/** Of a mail that is in no table: what comes back of it is nobody's. */
const noMail = 0;

/** Sends one mail right now, past the queue; `answer` is what the mail server said to it. */
export async function sendTestMail(
  { smtpUrl, mailFrom, origin, bounces }: MailSender,
  to: string,
  language: Language,
): Promise<Tried> {
  const t = translator(language);
  const mail = composeMail(language, t('mail.test-subject'), [t('mail.test-text')]);
  const framed = frameMail({ ...mail, language, category: 'account' }, { site: origin, unsubscribe: null });
  const transport = createMailTransport(smtpUrl);
  try {
    const sender = bounces === null ? {} : underSender(bounceAddress(bounces, noMail), to);
    const { response } = await transport.sendMail({
      from: mailFrom,
      to,
      subject: mail.subject,
      ...framed,
      ...sender,
    });
    return { status: 'sent', answer: response };
  } catch (error) {
    return { status: 'failed', failure: sendFailure(error) };
  } finally {
    transport.close();
  }
}

/** Whether a mail server answers and takes our name and password; null where it does. */
export async function findMailTrouble(smtpUrl: string): Promise<SendFailure | null> {
  const transport = createMailTransport(smtpUrl);
  try {
    await transport.verify();
    return null;
  } catch (error) {
    return sendFailure(error);
  } finally {
    transport.close();
  }
}

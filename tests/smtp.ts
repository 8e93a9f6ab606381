import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type MailSink = {
  url: string;
  /** In the order of arrival. */
  mails: ParsedMail[];
  /** Answers each mail with this temporary error until it is null again. */
  refuseWith(reason: string | null): void;
  close(): Promise<void>;
};

/** A real mail server on a free port that keeps what it is sent. */
export async function startMailSink(): Promise<MailSink> {
  const mails: ParsedMail[] = [];
  let refusal: string | null = null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          if (refusal !== null) return done(Object.assign(new Error(refusal), { responseCode: 451 }));
          mails.push(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseWith: (reason) => {
      refusal = reason;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

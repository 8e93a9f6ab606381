import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type MailSink = {
  url: string;
  /** In the order of arrival. */
  mails: ParsedMail[];
  /** The sender of each one's envelope. */
  senders: string[];
  /** Answers each mail with this error, temporary unless the code says otherwise, until it is null again. */
  refuseWith(reason: string | null, code?: number): void;
  /** Refuses this recipient, and nobody else, with the code; null: no more. */
  refuseRecipient(address: string, code: number | null, reason?: string): void;
  /** While it is down, it hangs up on everybody. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
};

/** A real mail server that keeps what it is sent, on a free port. */
export async function startMailSink(): Promise<MailSink> {
  const mails: ParsedMail[] = [];
  const senders: string[] = [];
  let refusal: { reason: string; code: number } | null = null;
  const refused = new Map<string, { responseCode: number; reason: string }>();
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(new Error('Invalid login')),
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const answer = refused.get(address);
      done(answer ? Object.assign(new Error(answer.reason), answer) : null);
    },
    onData(stream, { envelope }, done) {
      simpleParser(stream).then(
        (mail) => {
          if (refusal !== null) return done(Object.assign(new Error(refusal.reason), { responseCode: refusal.code }));
          mails.push(mail);
          senders.push(envelope.mailFrom === false ? '' : envelope.mailFrom.address);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  let isDown = false;
  server.server.prependListener('connection', (socket: Socket) => {
    if (isDown) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    senders,
    refuseWith: (reason, code = 451) => {
      refusal = reason === null ? null : { reason, code };
    },
    refuseRecipient: (address, responseCode, reason = `no mailbox ${address}`) => {
      if (responseCode === null) refused.delete(address);
      else refused.set(address, { responseCode, reason });
    },
    setDown: (down) => {
      isDown = down;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

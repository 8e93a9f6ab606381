// In place of Mailpit: mails come to port 1025, and port 8025 tells of them.
import { createServer } from 'node:http';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const messages = [];
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    simpleParser(stream).then(({ to, subject, text }) => {
      messages.unshift({ To: to?.text, Subject: subject, Text: text });
      done();
    }, done);
  },
});
smtp.listen(1025, '0.0.0.0');
createServer((_, answer) => answer.end(JSON.stringify({ messages }))).listen(8025, '0.0.0.0');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

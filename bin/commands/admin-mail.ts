import { Command } from 'commander';
import { getMailState, listFailedMails, retryMails } from '#lib/db/mails.ts';
import { allowAddresses, countUndeliverable, listUndeliverable } from '#lib/db/undeliverable.ts';
import { type OwnerEnv, ownerEnv } from '#lib/env.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { type TakenBounce, takeBounce } from '#lib/mail/take-bounce.ts';
import { sendTestMail } from '#lib/mail/try-mail.ts';
import { chooseLanguage, type Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { readSecrets } from '../start/secrets.ts';
import { terminalLanguage } from '../start/sentences.mjs';
import { UnmetNeedError } from './problems.ts';

/** `rostrum admin mail test ADDRESS|status|retry|allow ADDRESS|bounce`. */
export function adminMailCommand(t: Translate): Command {
  const command = new Command('mail').description(t('cli.admin-mail'));
  command
    .command('test <address>')
    .description(t('cli.admin-mail-test'))
    .action((address: string, _options: unknown, own: Command) => test(address, languageOf(own), t));
  command
    .command('status')
    .description(t('cli.admin-mail-status'))
    .option('--json', t('cli.option-json'), false)
    .action(({ json }: { json: boolean }) => printState(json, t));
  command
    .command('retry')
    .description(t('cli.admin-mail-retry'))
    .action(async () => {
      const count = await withOwnerDatabase((db) => retryMails(db));
      process.stdout.write(`${t('mail.state-retried', { count })}\n`);
    });
  command
    .command('allow <address>')
    .description(t('cli.admin-mail-allow'))
    .action((which: string) => allow(which, t));
  command
    .command('bounce')
    .description(t('cli.admin-mail-bounce'))
    .action(() => bounce(t));
  return command;
}

function languageOf(command: Command): Language {
  const { language } = command.optsWithGlobals<{ language?: string }>();
  return chooseLanguage(language, terminalLanguage());
}

/** Names of the server and of who signs in there; a password is never printed. */
function serverOf(smtpUrl: string): { server: string; name: string } {
  const { protocol, host, username } = new URL(smtpUrl);
  return { server: `${protocol}//${host}`, name: decodeURIComponent(username) || '—' };
}

async function test(typed: string, language: Language, t: Translate): Promise<void> {
  const env = ownerEnv();
  const { smtpUrl, mailFrom, mailBounces: mailbox, origin } = env;
  if (smtpUrl === null) throw new UnmetNeedError([t('cli.admin-mail-none')]);
  const address = parseEmailAddress(typed);
  if (address === null) throw new UnmetNeedError([t('common.error-not-an-address')]);
  const bounces = mailbox === null ? null : { mailbox, secret: secretOf(env) };
  const tried = await sendTestMail({ smtpUrl, mailFrom, origin, bounces }, address.email, language);
  if (tried.status === 'sent') {
    process.stdout.write(`${t('cli.admin-mail-sent', { address: address.email, answer: tried.answer })}\n`);
    return;
  }
  const { code, reason } = tried.failure;
  const values = { ...serverOf(smtpUrl), sender: mailFrom, address: address.email, reason };
  throw new UnmetNeedError([t(`cli.mail-trouble-${code}`, values)]);
}

/** As `start` gives it to the web. */
function secretOf({ secret, home }: OwnerEnv): string {
  return secret ?? readSecrets(home).secret;
}

async function allow(which: string, t: Translate): Promise<void> {
  const count = await withOwnerDatabase((db) => allowAddresses(db, which));
  process.stdout.write(`${t('cli.admin-mail-allowed', { count })}\n`);
}

const mostBounceBytes = 16 * 2 ** 20;

/** Whatever it is, taken: a mail server that hears of a failure would send a bounce of the bounce. */
async function bounce(t: Translate): Promise<void> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of process.stdin) {
    bytes += piece.length;
    if (bytes <= mostBounceBytes) pieces.push(piece);
  }
  const message = Buffer.concat(pieces);
  const taken: TakenBounce = await withOwnerDatabase((db) => takeBounce(db, secretOf(ownerEnv()), message));
  process.stdout.write(`${t(`cli.admin-mail-bounce-${taken}`)}\n`);
}

const shownFailures = 20;

async function printState(json: boolean, t: Translate): Promise<void> {
  const { state, failed, undeliverable, addresses } = await withOwnerDatabase(async (db) => ({
    state: await getMailState(db),
    failed: await listFailedMails(db, shownFailures),
    undeliverable: await countUndeliverable(db),
    addresses: await listUndeliverable(db, shownFailures),
  }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...state, mails: failed, undeliverable, addresses }, null, 2)}\n`);
    return;
  }
  const { waiting, oldestAt, sentToday, failed: givenUp, lastError } = state;
  const lines = [
    `${t('mail.state-sent')}: ${sentToday}`,
    `${t('mail.state-waiting')}: ${waiting}`,
    ...(oldestAt === null ? [] : [`${t('mail.state-oldest')}: ${oldestAt.toISOString()}`]),
    `${t('mail.state-failed')}: ${givenUp}`,
    ...(lastError === null ? [] : [`${t('mail.state-error')}: ${lastError}`]),
    ...failed.map(({ recipient, subject, reason }) => `  ${recipient}\t${subject}\t${reason ?? ''}`),
    `${t('mail.state-undeliverable')}: ${undeliverable}`,
    ...addresses.map(({ email, since, reason }) => `  ${email}\t${since.toISOString()}\t${reason}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

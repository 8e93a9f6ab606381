import { Command } from 'commander';
import { type Connection, type Database, readClock } from '#lib/db/client.ts';
import { erasePerson } from '#lib/db/erasure.ts';
import { recoveryDays } from '#lib/db/mail-links.ts';
import { findMentions } from '#lib/db/mentions.ts';
import { recordExport } from '#lib/db/personal-data.ts';
import { type Account, findAccountByEmail, listUsers, recordAdministrator } from '#lib/db/users.ts';
import { ownerEnv } from '#lib/env.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import { offerRecovery } from '#lib/identity/new-address.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { writeWhole } from '#lib/objects/folder.ts';
import { personalArchiveName, writePersonalArchive } from '#lib/personal-archive.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { UnmetNeedError } from './problems.ts';

/** `rostrum admin users list|export EMAIL|erase EMAIL|administrator EMAIL|address EMAIL NEW`. */
export function adminUsersCommand(t: Translate): Command {
  const command = new Command('users').description(t('cli.admin-users'));
  command
    .command('list')
    .description(t('cli.admin-users-list'))
    .option('--json', t('cli.option-json'), false)
    .action(({ json }: { json: boolean }) => withOwnerDatabase((db) => list(db, json, t)));
  command
    .command('export <email>')
    .description(t('cli.admin-users-export'))
    .option('--out <file>', t('cli.admin-archive-out'))
    .action((email: string, { out }: { out?: string }) => withOwnerDatabase((db) => exportData(db, email, out, t)));
  command
    .command('erase <email>')
    .description(t('cli.admin-users-erase'))
    .action((email: string) => withOwnerDatabase((db) => erase(db, email, t)));
  command
    .command('administrator <email>')
    .description(t('cli.admin-users-administrator'))
    .action((email: string) => withOwnerDatabase((db) => makeAdministrator(db, email, t)));
  command
    .command('address <email> <new>')
    .description(t('cli.admin-users-address'))
    .action((email: string, to: string) => withOwnerDatabase((db) => handOver(db, email, to, t)));
  return command;
}

async function list(db: Connection, json: boolean, t: Translate): Promise<void> {
  const users = await listUsers(db);
  if (json) {
    process.stdout.write(`${JSON.stringify({ users }, null, 2)}\n`);
    return;
  }
  for (const { email, name, isAdministrator } of users) {
    const role = isAdministrator ? 'administrator' : 'none';
    process.stdout.write(`${t('cli.admin-users-line', { email, name, role })}\n`);
  }
}

/** What the person would get on their account page, for whoever asks by letter. */
async function exportData(db: Database, typed: string, out: string | undefined, t: Translate): Promise<void> {
  const { id, email } = await getByEmail(db, typed, t);
  const path = out ?? personalArchiveName(await readClock(db));
  await recordExport(db, id, null);
  await writeWhole(path, async (handle) => {
    for await (const piece of writePersonalArchive(db, ownerEnv(), id)) await handle.writeFile(piece);
    return path;
  });
  process.stdout.write(`${t('cli.admin-users-exported', { email, path })}\n`);
}

/** Says where the name still stands in what others wrote: nobody but a person can tell a name from a word there. */
async function erase(db: Database, typed: string, t: Translate): Promise<void> {
  const { id, name, email } = await getByEmail(db, typed, t);
  await erasePerson(db, id, null);
  const mentions = await findMentions(db, [name, email]);
  process.stdout.write(
    `${t(mentions.length === 0 ? 'cli.admin-users-erased' : 'cli.admin-users-mentioned', { email })}\n`,
  );
  for (const { place, rows } of mentions) process.stdout.write(`  ${place}\t${rows}\n`);
}

async function makeAdministrator(db: Database, typed: string, t: Translate): Promise<void> {
  const { id, email, isAdministrator } = await getByEmail(db, typed, t);
  if (!isAdministrator) await db.transaction((tx) => recordAdministrator(tx, id, null));
  process.stdout.write(`${t('cli.admin-users-made-administrator', { email })}\n`);
}

/** For somebody whose mailbox is gone, and who has shown otherwise who they are. */
async function handOver(db: Connection, typed: string, to: string, t: Translate): Promise<void> {
  const { smtpUrl, demo, origin } = ownerEnv();
  if (smtpUrl === null && !demo) throw new UnmetNeedError([t('cli.admin-mail-none')]);
  const address = parseEmailAddress(to);
  if (address === null) throw new UnmetNeedError([t('common.error-not-an-address')]);
  const { id, email } = await getByEmail(db, typed, t);
  await offerRecovery(db, id, address, origin);
  const values = { email, to: address.email, days: recoveryDays };
  process.stdout.write(`${t('cli.admin-users-handed-over', values)}\n`);
}

async function getByEmail(db: Connection, typed: string, t: Translate): Promise<Account> {
  const address = parseEmailAddress(typed);
  const account = address && (await findAccountByEmail(db, address.key));
  if (account === null) throw new UnmetNeedError([t('cli.admin-users-none', { email: typed })]);
  return account;
}

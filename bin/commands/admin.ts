import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { adminDemoCommand } from './admin-demo.ts';
import { printFirstAdministratorLink } from './admin-first-administrator.ts';

/** `rostrum admin …`: upkeep of an installation, by its owner. */
export function adminCommand(t: Translate): Command {
  const command = new Command('admin').description(t('cli.admin'));
  command
    .command('first-administrator')
    .description(t('cli.admin-first-administrator'))
    .action(printFirstAdministratorLink);
  command.addCommand(adminDemoCommand(t));
  return command;
}

import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { adminArchiveCommand } from './admin-archive.ts';
import { adminBackupCommand } from './admin-backup.ts';
import { adminDemoCommand } from './admin-demo.ts';
import { adminDeskCommand } from './admin-desk.ts';
import { printFirstAdministratorLink } from './admin-first-administrator.ts';
import { adminMailCommand } from './admin-mail.ts';
import { adminMigrateCommand } from './admin-migrate.ts';
import { adminRescoreCommand } from './admin-rescore.ts';
import { adminRestoreCommand } from './admin-restore.ts';
import { adminUsersCommand } from './admin-users.ts';
import { adminVerifyCommand } from './admin-verify.ts';
import { doctorCommand } from './doctor.ts';
import { gpuInstallCommand } from './gpu-install.ts';

/** `rostrum admin …`: upkeep of an installation, by its owner. */
export function adminCommand(t: Translate): Command {
  const command = new Command('admin').description(t('cli.admin'));
  command
    .command('first-administrator')
    .description(t('cli.admin-first-administrator'))
    .action(printFirstAdministratorLink);
  command.addCommand(adminArchiveCommand(t));
  command.addCommand(adminBackupCommand(t));
  command.addCommand(adminDemoCommand(t));
  command.addCommand(adminDeskCommand(t));
  command.addCommand(adminMailCommand(t));
  command.addCommand(adminMigrateCommand(t));
  command.addCommand(adminRescoreCommand(t));
  command.addCommand(adminRestoreCommand(t));
  command.addCommand(adminUsersCommand(t));
  command.addCommand(adminVerifyCommand(t));
  command.addCommand(doctorCommand(t));
  command.addCommand(gpuInstallCommand(t));
  return command;
}

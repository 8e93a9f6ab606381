import { Command, InvalidArgumentError } from 'commander';
import { getCompetition } from '#lib/db/competitions.ts';
import { closeDeskOf, openDeskOf } from '#lib/db/desk-openings.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { withOwnerDatabase } from '../owner-database.ts';

const mostHours = 24 * 7;

/** `rostrum admin desk open|close SLUG`: for which competitions a desk answers that does so on request. */
export function adminDeskCommand(t: Translate): Command {
  const command = new Command('desk').description(t('cli.admin-desk'));
  const hours = (typed: string) => {
    const number = Number(typed);
    if (Number.isInteger(number) && number >= 1 && number <= mostHours) return number;
    throw new InvalidArgumentError(t('cli.admin-desk-hours-wrong', { most: mostHours }));
  };
  command
    .command('open')
    .description(t('cli.admin-desk-open'))
    .argument('<slug>', t('cli.import-competition'))
    .option('--hours <number>', t('cli.admin-desk-hours'), hours, 4)
    .option('--until-closed', t('cli.admin-desk-until-closed'), false)
    .action((slug: string, options: { hours: number; untilClosed: boolean }) =>
      withOwnerDatabase(async (db) => {
        const { id } = await getCompetition(db, slug);
        const closesAt = await openDeskOf(db, id, options.untilClosed ? null : options.hours);
        const until = closesAt?.toISOString();
        const said = until === undefined ? t('cli.admin-desk-opened') : t('cli.admin-desk-opened-until', { until });
        process.stdout.write(`${said}\n`);
      }),
    );
  command
    .command('close')
    .description(t('cli.admin-desk-close'))
    .argument('<slug>', t('cli.import-competition'))
    .action((slug: string) =>
      withOwnerDatabase(async (db) => {
        const wasOpen = await closeDeskOf(db, (await getCompetition(db, slug)).id);
        process.stdout.write(`${t(wasOpen ? 'cli.admin-desk-closed' : 'cli.admin-desk-was-closed')}\n`);
      }),
    );
  return command;
}

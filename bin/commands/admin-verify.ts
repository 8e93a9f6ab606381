import { Command } from 'commander';
import { describeLabelFile, digestOfLabelFile } from '#lib/label-file.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { readBytes, WrongInputError, WrongUsageError } from './problems.ts';

type Options = { labels: string; commitment: string };

/** `rostrum admin verify --labels FILE --commitment HEX`: for anybody, without a server and without a database. */
export function adminVerifyCommand(t: Translate): Command {
  return new Command('verify')
    .description(t('cli.admin-verify'))
    .requiredOption('--labels <file>', t('cli.admin-verify-labels'))
    .requiredOption('--commitment <hex>', t('cli.admin-verify-commitment'))
    .action((options: Options) => verifyLabels(options, t));
}

async function verifyLabels({ labels: file, commitment }: Options, t: Translate): Promise<void> {
  const promised = commitment.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(promised))
    throw new WrongUsageError([t('cli.verify-not-a-digest', { value: commitment })]);
  const bytes = await readBytes(file);
  const sha256 = digestOfLabelFile(bytes).toString('hex');
  if (sha256 !== promised) {
    const values = { sha256, promised };
    throw new WrongInputError(file, [{ line: 0, column: 0, code: 'labels-not-promised', values }]);
  }
  const described = describeLabelFile(bytes);
  const sentence =
    described === null
      ? t('cli.verify-promised', { sha256 })
      : t('cli.verify-labels-promised', { ...described, sha256 });
  process.stdout.write(`${sentence}\n`);
}

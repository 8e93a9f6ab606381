import { Command } from 'commander';
import { describeLabelFile, digestOfLabelFile } from '#lib/label-file.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { readBytes, WrongInputError, WrongUsageError } from './problems.ts';
import { verifyBoards } from './verify-boards.ts';
import { verifyLog } from './verify-log.ts';

type Options = {
  labels?: string;
  commitment?: string;
  log?: true;
  boards?: true;
  competition?: string;
  head?: string;
};

/**
 * `rostrum admin verify`: `--labels FILE --commitment HEX` for anybody, without a server and without a database; `--log` and
 * `--boards` for the installation's owner.
 */
export function adminVerifyCommand(t: Translate): Command {
  return new Command('verify')
    .description(t('cli.admin-verify'))
    .option('--labels <file>', t('cli.admin-verify-labels'))
    .option('--commitment <hex>', t('cli.admin-verify-commitment'))
    .option('--log', t('log.verify-log'))
    .option('--boards', t('log.verify-boards'))
    .option('--competition <slug>', t('log.verify-competition'))
    .option('--head <hex>', t('log.verify-head'))
    .action((options: Options) => verify(options, t));
}

async function verify({ labels, commitment, log, boards, competition, head }: Options, t: Translate): Promise<void> {
  if (labels !== undefined && commitment !== undefined) return verifyLabels(labels, digest(commitment, t), t);
  if (log === undefined && boards === undefined) throw new WrongUsageError([t('log.verify-what')]);
  if (head !== undefined && (log === undefined || competition === undefined)) {
    throw new WrongUsageError([t('log.verify-head-of-which')]);
  }
  const noted = head === undefined ? null : digest(head, t);
  if (log) await verifyLog({ slug: competition ?? null, noted }, t);
  if (boards) await verifyBoards(competition ?? null, t);
}

/** A SHA-256 in lower case. */
function digest(typed: string, t: Translate): string {
  const hex = typed.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new WrongUsageError([t('cli.verify-not-a-digest', { value: typed })]);
  return hex;
}

async function verifyLabels(file: string, promised: string, t: Translate): Promise<void> {
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

import { Command, Option } from 'commander';
import type { ReceiptAnswer, SubmissionAnswer } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { followSubmission } from '../client/follow.ts';
import { instantIn, instantsOf } from '../client/instants.ts';
import { patienceMs } from '../client/retries.ts';
import { inSession, print, printDocument, type Session, withSessionOptions } from '../client/session.ts';
import { findRank, outcomeLines, type Rank, receiptLines } from '../client/submission-lines.ts';
import { type UploadChoice, upload } from '../client/upload.ts';
import { printError } from './explain.ts';
import { formatOption } from './options.ts';
import { UnmetNeedError } from './problems.ts';

type Options = UploadChoice & { wait: boolean };

/** `rostrum submit`: sends a predictions file and waits for its score. Safe to repeat: nothing is charged twice. */
export function submitCommand(t: Translate): Command {
  const command = withSessionOptions(new Command('submit'), t)
    .argument('<file>', t('cli.argument-file'))
    .addOption(new Option('--split <split>', t('client.submit-split')).choices(['test', 'dev']).default('test'))
    .option('--note <text>', t('client.submit-note'))
    .option('--code <url>', t('client.submit-code'))
    .addOption(formatOption('--format <format>', 'file', t))
    .option('--no-wait', t('client.submit-no-wait'));
  return command.action((path: string, options: Options) =>
    inSession(t, command, (session) => submit(path, options, session)),
  );
}

async function submit(path: string, options: Options, session: Session): Promise<void> {
  const { isJson, server } = session;
  server.patience = patienceMs.work;
  const receipt = await upload(session, path, options);
  if (!options.wait) {
    if (isJson) return printDocument({ receipt, submission: null, rank: null });
    return printReceipt(receipt, session);
  }
  if (!isJson) await printReceipt(receipt, session);
  await awaitOutcome(receipt.id, session, { receipt, page: receipt.links.page });
}

/** A file that was taken is said to be, also where the server no longer answers in which zone. */
async function printReceipt(receipt: ReceiptAnswer, session: Session): Promise<void> {
  const instant = await instantsOf(session, await session.competition()).catch(() => instantIn(session.language));
  receiptLines(receipt, instant, session.t).forEach(print);
}

/**
 * Waits for what becomes of a submission and prints it: with --json after what is in `told`. Throws UnmetNeedError where the platform
 * could not score it.
 */
export async function awaitOutcome(
  id: string,
  session: Session,
  { receipt, page }: { receipt?: ReceiptAnswer; page: string },
): Promise<void> {
  const { t, isJson } = session;
  const tellOfIt = () => printError(t('client.interrupted', { id }));
  const interrupted = () => {
    tellOfIt();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  const submission = await followSubmission(session, id).catch((error: unknown) => {
    tellOfIt();
    throw error;
  });
  process.off('SIGINT', interrupted);
  const rank = await rankOf(submission, session);
  if (isJson) printDocument({ ...(receipt === undefined ? {} : { receipt }), submission, rank: rank?.rank ?? null });
  else [...outcomeLines(submission, rank, t), page].forEach(print);
  if (submission.state === 'failed') throw new UnmetNeedError([t('client.outcome-failed-hint')]);
}

/** A place is good news and no part of the result: without it the score stands alone. */
async function rankOf(submission: SubmissionAnswer, session: Session): Promise<Rank | null> {
  const { state, split, late, voided, competition } = submission;
  if (state !== 'scored' || split !== 'test' || late || voided) return null;
  return findRank(session, competition).catch(() => null);
}

import { Command } from 'commander';
import type { SubmissionAnswer, SubmissionListAnswer } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { isSettled } from '../client/follow.ts';
import { instantsOf } from '../client/instants.ts';
import { inSession, print, printDocument, type Session, withSessionOptions } from '../client/session.ts';
import { outcomeLines } from '../client/submission-lines.ts';
import { printError } from './explain.ts';
import { WrongUsageError } from './problems.ts';
import { harmless } from './report/width.ts';
import { awaitOutcome } from './submit.ts';

/** `rostrum status [ID]`: one submission, the latest where none is named, by as much of its id as tells it from others. */
export function statusCommand(t: Translate): Command {
  const command = withSessionOptions(new Command('status'), t)
    .argument('[id]', t('client.status-id'))
    .option('--wait', t('client.status-wait'));
  return command.action((id: string | undefined, { wait }: { wait?: true }) =>
    inSession(t, command, (session) => status(id, wait === true, session)),
  );
}

const wholeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function status(typed: string | undefined, wait: boolean, session: Session): Promise<void> {
  const { server, t, isJson } = session;
  const id = typed !== undefined && wholeId.test(typed) ? typed : await idOf(typed, session);
  const submission = await server.json<SubmissionAnswer>(`/submissions/${id}`);
  if (wait && !isSettled(submission)) return awaitOutcome(id, session, { page: submission.links.page });
  if (isJson) return printDocument(submission);
  const { competition, file, split, receivedAt, note, errors, warnings, links } = submission;
  const instant = await instantsOf(session, competition);
  print(t('client.status-head', { id, file: harmless(file), split, at: instant(receivedAt) }));
  if (note !== '') print(harmless(note));
  outcomeLines(submission, null, t).forEach(print);
  for (const { line, column, code, message } of [...errors, ...warnings]) {
    printError(harmless(`${file}:${line}:${column}: ${code}: ${message}`));
  }
  print(links.page);
}

async function idOf(typed: string | undefined, { server, t, competition }: Session): Promise<string> {
  const slug = await competition();
  const { submissions } = await server.json<SubmissionListAnswer>(
    `/competitions/${encodeURIComponent(slug)}/submissions`,
  );
  const found = submissions.filter(({ id }) => id.startsWith((typed ?? '').toLowerCase()));
  if (found[0] === undefined) {
    throw new WrongUsageError([
      typed === undefined ? t('client.no-submissions') : t('client.no-such-id', { id: typed }),
    ]);
  }
  if (typed !== undefined && found.length > 1) throw new WrongUsageError([t('client.id-of-several', { id: typed })]);
  return found[0].id;
}

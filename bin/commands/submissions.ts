import { Command } from 'commander';
import type { SubmissionListAnswer, SubmissionSummary } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { instantsOf } from '../client/instants.ts';
import { inSession, print, printDocument, withSessionOptions } from '../client/session.ts';
import { scoreText } from '../client/submission-lines.ts';
import { tableOf } from '../client/table.ts';

/** `rostrum submissions`: the team's own, newest first, and how many attempts the day has left. */
export function submissionsCommand(t: Translate): Command {
  const command = withSessionOptions(new Command('submissions'), t);
  return command.action(() =>
    inSession(t, command, async (session) => {
      const { server, isJson } = session;
      const slug = await session.competition();
      const [answer, instant] = await Promise.all([
        server.json<SubmissionListAnswer>(`/competitions/${encodeURIComponent(slug)}/submissions`),
        instantsOf(session, slug),
      ]);
      if (isJson) return printDocument(answer);
      const { submissions, quota } = answer;
      if (submissions.length === 0) print(t('client.no-submissions'));
      else {
        const head = (['id', 'received', 'split', 'state', 'score', 'file', 'note'] as const).map((name) =>
          t(`client.column-${name}`),
        );
        print(
          tableOf(
            head,
            submissions.map((submission) => rowOf(submission, instant, t)),
          ),
        );
      }
      const { used, limit, resetsAt } = quota;
      print(t('client.quota', { used, limit, at: instant(resetsAt) }));
    }),
  );
}

function rowOf(submission: SubmissionSummary, instant: (at: string) => string, t: Translate): string[] {
  const { id, receivedAt, split, state, file, note, late, voided } = submission;
  const shown = voided ? t('client.state-voided') : late ? t('client.state-late') : t(`client.state-${state}`);
  return [id.slice(0, 8), instant(receivedAt), split, shown, scoreText(submission, t), file, note];
}

import { Command } from 'commander';
import type { AccountAnswer } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { inSession, print, printDocument, withSessionOptions } from '../client/session.ts';
import { accountLines } from './login.ts';

/** `rostrum whoami`: whose token it is, what it may do, and until when. */
export function whoamiCommand(t: Translate): Command {
  const command = withSessionOptions(new Command('whoami'), t, { competition: false });
  return command.action(() =>
    inSession(t, command, async ({ server, isJson, language }) => {
      const account = await server.json<AccountAnswer>('/me');
      if (isJson) return printDocument({ server: server.address, ...account });
      accountLines(server.address, account, language, t).forEach(print);
    }),
  );
}

import { Command } from 'commander';
import type { AccountAnswer, CompetitionSummary } from '#lib/api/answers.ts';
import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { addressesOf, isPrivate } from '../client/address.ts';
import { clientEnvironment } from '../client/environment.mjs';
import { findRostrum } from '../client/greeting.ts';
import { instantIn } from '../client/instants.ts';
import { readConfiguration, writeConfiguration } from '../client/kept.ts';
import { rememberNames } from '../client/names.ts';
import { RefusedByServerError, WrongTokenError } from '../client/refusals.ts';
import { typedSecret } from '../client/secret.ts';
import { connect } from '../client/server.ts';
import { languageOf, print, printDocument } from '../client/session.ts';
import { printError } from './explain.ts';
import { WrongUsageError } from './problems.ts';
import { harmless } from './report/width.ts';

type Options = { competition?: string; json?: true };

/** `rostrum login`: the token is tried at the server and kept for it, for this person's eyes alone. */
export function loginCommand(t: Translate): Command {
  return new Command('login')
    .argument('[url]', t('client.login-url'))
    .option('--competition <slug>', t('client.login-competition'))
    .option('--json', t('cli.option-json'))
    .action((url: string | undefined, options: Options, command: Command) => login(url, options, command, t));
}

async function login(url: string | undefined, options: Options, command: Command, t: Translate): Promise<void> {
  const environment = clientEnvironment();
  const configuration = readConfiguration(environment);
  const typed = url ?? environment.server ?? configuration.server;
  if (typed === undefined) throw new WrongUsageError([t('client.login-no-url')]);
  const language = languageOf(command);
  // Before it is known to be a Rostrum, nobody there gets to see a token.
  const { address, competitions } = await findRostrum(addressesOf(typed, t), language, environment);
  if (!isPrivate(address)) printError(t('client.login-open', { server: address }));
  const token = (environment.token ?? (await typedSecret(t('client.login-prompt', { server: address })))).trim();
  if (token === '') throw new WrongUsageError([t('client.login-no-token', { server: address })]);

  const server = connect({ address, token, language }, environment);
  const account = await server
    .json<AccountAnswer>('/me', { isOnce: true })
    .catch((error: unknown) => {
      throw isRefusedToken(error) ? new WrongTokenError(address, token) : error;
    })
    .finally(() => server.close());
  const competition = chosenFrom(competitions, options.competition, t);
  const kept = { token, person: account.user.name, ...(competition === undefined ? {} : { competition }) };
  writeConfiguration(environment, {
    server: address,
    servers: { ...configuration.servers, [address]: kept },
  });
  rememberNames(environment, address, competitions);
  if (options.json) printDocument({ server: address, ...account, competition: competition ?? null });
  else {
    accountLines(address, account, language, t).forEach(print);
    if (account.token?.scopes.includes('submit') === false) print(t('client.token-reads-only'));
    if (competition !== undefined) print(t('client.competition-is', { slug: competition }));
  }
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof RefusedByServerError && error.problem.status === 401;
}

function chosenFrom(
  competitions: readonly CompetitionSummary[],
  asked: string | undefined,
  t: Translate,
): string | undefined {
  if (asked === undefined) return competitions.length === 1 ? competitions[0]!.slug : undefined;
  if (competitions.some(({ slug }) => slug === asked)) return asked;
  const known = competitions.map(({ slug }) => slug).join(', ');
  throw new WrongUsageError([t('client.unknown-competition', { slug: asked, known })]);
}

/** Whose token it is, what it may do, and until when. */
export function accountLines(
  address: string,
  { user, token }: AccountAnswer,
  language: Language,
  t: Translate,
): string[] {
  const lines = [t('client.login-done', { server: address, person: harmless(user.name) })];
  if (token === null) return lines;
  const what = t('client.token', { name: harmless(token.name), scopes: token.scopes.join(', ') });
  const until = token.expiresAt === null ? '' : t('client.token-expires', { at: instantIn(language)(token.expiresAt) });
  return [...lines, `${what}${until}.`];
}

import type { Command } from 'commander';
import type { CompetitionList, CompetitionSummary } from '#lib/api/answers.ts';
import { chooseLanguage, type Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { WrongUsageError } from '../commands/problems.ts';
import { terminalLanguage } from '../start/sentences.mjs';
import { addressesOf, knownAddress } from './address.ts';
import { type ClientEnvironment, clientEnvironment } from './environment.mjs';
import { findRostrum } from './greeting.ts';
import { type Configuration, readConfiguration } from './kept.ts';
import { rememberNames } from './names.ts';
import { connect, type Server } from './server.ts';
import { waitingLine } from './waiting-line.ts';

/** Options that every command of a server has. */
export type SessionOptions = { server?: string; competition?: string; json?: true };

/** A person at a server, for the time of one command. */
export type Session = {
  t: Translate;
  language: Language;
  environment: ClientEnvironment;
  server: Server;
  isJson: boolean;
  /** The competition that is meant; asks the server only where neither options nor settings name it. */
  competition(): Promise<string>;
};

export function withSessionOptions(command: Command, t: Translate, { competition = true } = {}): Command {
  command.option('--server <url>', t('client.option-server'));
  if (competition) command.option('--competition <slug>', t('client.option-competition'));
  return command.option('--json', t('cli.option-json'));
}

/** Runs a command at the server that is meant: of `--server`, ROSTRUM_URL or the last `rostrum login`. */
export async function inSession<Result>(
  t: Translate,
  command: Command,
  act: (session: Session) => Promise<Result>,
): Promise<Result> {
  const options = command.opts<SessionOptions>();
  const environment = clientEnvironment();
  const configuration = readConfiguration(environment);
  const named = options.server ?? environment.server ?? configuration.server;
  if (named === undefined) throw new WrongUsageError([t('client.no-server')]);
  const language = languageOf(command);
  const address = await addressOf(named, configuration, { language, environment, t });
  const kept = configuration.servers[address];
  const token = (environment.token ?? kept?.token) || null;
  const server = connect({ address, token, language }, environment);
  const isJson = options.json === true;
  const line = waitingLine(t);
  server.onWaiting = line.show;
  const meant = options.competition ?? environment.competition ?? kept?.competition;
  let asked: Promise<CompetitionSummary> | undefined;
  const competition = async () => {
    if (meant !== undefined) return meant;
    asked ??= onlyCompetition(server, environment, t);
    return (await asked).slug;
  };
  try {
    return await act({ t, language, environment, server, isJson, competition });
  } finally {
    line.end();
    server.close();
  }
}

/** Asks only where the address of a page may mean several places, and none of them was logged in to. */
async function addressOf(
  named: string,
  { servers }: Configuration,
  { language, environment, t }: Pick<Session, 'language' | 'environment' | 't'>,
): Promise<string> {
  const addresses = addressesOf(named, t);
  const known = knownAddress(named, servers, t);
  if (addresses.length === 1 || Object.hasOwn(servers, known)) return known;
  return (await findRostrum(addresses, language, environment)).address;
}

export function languageOf(command: Command): Language {
  const { language } = command.optsWithGlobals<{ language?: string }>();
  return chooseLanguage(language, terminalLanguage());
}

/** The competition that takes files now, or the only one there is. */
async function onlyCompetition(
  server: Server,
  environment: ClientEnvironment,
  t: Translate,
): Promise<CompetitionSummary> {
  const { competitions } = await server.json<CompetitionList>('/competitions');
  rememberNames(environment, server.address, competitions);
  const open = competitions.filter(({ phase }) => phase === 'submissions');
  const [only, ...others] = open.length > 0 ? open : competitions;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw new WrongUsageError([t('client.no-competition', { server: server.address })]);
  const slugs = [only, ...others].map(({ slug }) => slug).join(', ');
  throw new WrongUsageError([t('client.several-competitions', { slugs })]);
}

export function printDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

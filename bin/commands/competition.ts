import { Command } from 'commander';
import { type Competition, phase } from '#lib/competition.ts';
import { pinBaseline } from '#lib/db/baseline.ts';
import { type Connection, type Database, readClock } from '#lib/db/client.ts';
import {
  type Act,
  type CompetitionChange,
  competitionDefaults,
  createCompetition,
  getCompetition,
  grantRole,
  listCompetitions,
  updateCompetition,
} from '#lib/db/competitions.ts';
import { findBaselineRate, listFoldSizes } from '#lib/db/fold-sizes.ts';
import { findAccountByEmail, type User } from '#lib/db/users.ts';
import { assumedRate, detectableDifference } from '#lib/detectable.ts';
import { RefusedError } from '#lib/errors.ts';
import { parseEmailAddress } from '#lib/identity/email-address.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { toLocalInput } from '#lib/time.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { type BaselineOptions, readBaseline } from './competition-baseline.ts';
import { readSettings, writeSettings } from './competition-settings.ts';
import { mappingIn } from './mapping-file.ts';
import { readText, WrongUsageError } from './problems.ts';

type Options = BaselineOptions & {
  briefRu?: string;
  briefEn?: string;
  rulesRu?: string;
  rulesEn?: string;
  organiser?: string;
  /** False for `--no-mapping`. */
  mapping?: string | false;
  reason: string;
  json?: true;
};

const firstZone = 'Europe/Moscow';

/** `rostrum competition list|show|create|set`: what an installation's owner decides about its competitions. */
export function competitionCommand(t: Translate): Command {
  const command = new Command('competition').description(t('cli.competition'));
  command
    .command('list')
    .description(t('cli.competition-list'))
    .option('--json', t('cli.option-json'))
    .action((options: Options) => withOwnerDatabase((db) => list(db, options)));
  command
    .command('show <slug>')
    .description(t('cli.competition-show'))
    .option('--json', t('cli.option-json'))
    .action((slug: string, options: Options) =>
      withOwnerDatabase(async (db) => show(db, await getCompetition(db, slug), await readClock(db), options)),
    );
  withSettings(command.command('create <slug> [settings...]'), t)
    .description(t('cli.competition-create'))
    .action((slug: string, typed: string[], options: Options) =>
      withOwnerDatabase((db) => create(db, slug, typed, options, t)),
    );
  withSettings(command.command('set <slug> [settings...]'), t)
    .description(t('cli.competition-set'))
    .option('--baseline <file>', t('cli.competition-baseline'))
    .option('--baseline-name <name>', t('cli.competition-baseline-name'), 'Baseline')
    .option('--baseline-note <text>', t('cli.competition-baseline-note'), '')
    .option('--baseline-code <address>', t('cli.competition-baseline-code'))
    .action((slug: string, typed: string[], options: Options) =>
      withOwnerDatabase((db) => set(db, slug, typed, options, t)),
    );
  return command;
}

function withSettings(command: Command, t: Translate): Command {
  return command
    .option('--brief-ru <file>', t('cli.competition-text-file', { key: 'brief-ru' }))
    .option('--brief-en <file>', t('cli.competition-text-file', { key: 'brief-en' }))
    .option('--rules-ru <file>', t('cli.competition-text-file', { key: 'rules-ru' }))
    .option('--rules-en <file>', t('cli.competition-text-file', { key: 'rules-en' }))
    .option('--mapping <file>', t('cli.competition-mapping'))
    .option('--no-mapping', t('cli.competition-no-mapping'))
    .option('--organiser <email>', t('cli.competition-organiser'))
    .option('--reason <text>', t('cli.competition-reason'), '')
    .option('--json', t('cli.option-json'));
}

async function list(db: Database, { json }: Options): Promise<void> {
  const now = await readClock(db);
  const competitions = await listCompetitions(db);
  if (json) {
    const facts = competitions.map((c) => ({ slug: c.slug, phase: phase(c, now), nameRu: c.nameRu, nameEn: c.nameEn }));
    print(JSON.stringify({ competitions: facts }));
  } else {
    for (const c of competitions) print(`${c.slug}\t${phase(c, now)}\t${c.nameRu}`);
  }
}

/** As `key=value` lines that `set` takes again, instants in the competition's zone; long texts only by their size. */
async function show(db: Database, competition: Competition, now: Date, { json }: Options): Promise<void> {
  const settings = writeSettings(competition);
  const { slug, id, timeZone, mapping } = competition;
  if (json) {
    const folds = await foldFacts(db, id);
    print(JSON.stringify({ slug, id, phase: phase(competition, now), settings, mapping, folds }));
    return;
  }
  print(`${slug}: ${phase(competition, now)}`);
  for (const [key, value] of Object.entries(settings)) {
    const isLong = typeof value === 'string' && (value.length > 100 || value.includes('\n'));
    const isInstant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
    if (isLong) print(`${key}: ${[...value].length}`);
    else print(`${key}=${isInstant ? toLocalInput(new Date(value), timeZone) : (value ?? 'none')}`);
  }
  print(`mapping: ${mapping?.length ?? 'none'}`);
}

/** Sizes of the folds of test, and the least difference of error rates that each can show, a ratio. */
async function foldFacts(db: Database, competitionId: string) {
  const rate = (await findBaselineRate(db, competitionId)) ?? assumedRate;
  return (await listFoldSizes(db, competitionId)).map((size) => {
    const points = detectableDifference(size.words, rate);
    return { ...size, detectableDifference: points === null ? null : points / 100 };
  });
}

async function create(db: Database, slug: string, typed: string[], options: Options, t: Translate): Promise<void> {
  const now = await readClock(db);
  const settings = await settingsOf(typed, options, { timeZone: firstZone, now }, t);
  const organiser = await organiserOf(db, options);
  const act: Act = { actorId: null, reason: options.reason };
  const created = await db.transaction(async (tx) => {
    const competition = await createCompetition(tx, competitionDefaults(slug, settings, now), act);
    if (organiser !== null) await grantRole(tx, competition.id, organiser.id, 'organiser', act);
    return competition;
  });
  await show(db, created, now, options);
}

async function set(db: Database, slug: string, typed: string[], options: Options, t: Translate): Promise<void> {
  const now = await readClock(db);
  const before = await getCompetition(db, slug);
  const settings = await settingsOf(typed, options, { timeZone: before.timeZone, now }, t);
  const organiser = await organiserOf(db, options);
  const baseline = await readBaseline(db, before, options);
  const act: Act = { actorId: null, reason: options.reason };
  const after = await db.transaction(async (tx) => {
    const competition = await updateCompetition(tx, before.id, settings, act);
    if (organiser !== null) await grantRole(tx, competition.id, organiser.id, 'organiser', act);
    if (baseline !== null) await pinBaseline(tx, competition.id, baseline, act);
    return competition;
  });
  await show(db, after, now, options);
}

async function settingsOf(
  typed: readonly string[],
  options: Options,
  { timeZone, now }: { timeZone: string; now: Date },
  t: Translate,
): Promise<CompetitionChange> {
  const { briefRu, briefEn, rulesRu, rulesEn } = options;
  const files = { 'brief-ru': briefRu, 'brief-en': briefEn, 'rules-ru': rulesRu, 'rules-en': rulesEn };
  const texts = [];
  for (const [key, path] of Object.entries(files)) {
    if (path !== undefined) texts.push(`${key}=${await readText(path)}`);
  }
  const read = readSettings([...typed, ...texts], timeZone, now);
  if (read.ok) return { ...read.change, ...(await mappingOf(options)) };
  throw new WrongUsageError(read.problems.map(({ code, values }) => t(`cli.competition-${code}`, values)));
}

async function mappingOf({ mapping: path }: Options): Promise<Pick<CompetitionChange, 'mapping'>> {
  if (path === undefined) return {};
  return { mapping: path === false ? null : await mappingIn(path) };
}

async function organiserOf(db: Connection, { organiser: email }: Options): Promise<User | null> {
  if (email === undefined) return null;
  const address = parseEmailAddress(email);
  const account = address && (await findAccountByEmail(db, address.key));
  if (account === null) throw new RefusedError('no-account', 404, { email });
  return account;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

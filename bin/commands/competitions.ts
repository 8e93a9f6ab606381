import { Command } from 'commander';
import type { CompetitionList, CompetitionSummary } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { instantIn } from '../client/instants.ts';
import { readConfiguration, writeConfiguration } from '../client/kept.ts';
import { rememberNames } from '../client/names.ts';
import { inSession, print, printDocument, type Session, withSessionOptions } from '../client/session.ts';
import { tableOf } from '../client/table.ts';
import { WrongUsageError } from './problems.ts';

/** `rostrum competitions [use]`: what runs at the server, and which one commands mean. */
export function competitionsCommand(t: Translate): Command {
  const use = withSessionOptions(new Command('use'), t, { competition: false })
    .description(t('client.competitions-use'))
    .argument('<slug>', t('client.option-competition'))
    .action((slug: string) => useCompetition(use, slug, t));
  const list = withSessionOptions(new Command('list'), t, { competition: false })
    .description(t('client.competitions-list'))
    .action(() => listCompetitions(list, t));
  return new Command('competitions').addCommand(list, { isDefault: true }).addCommand(use);
}

function listCompetitions(command: Command, t: Translate): Promise<void> {
  return inSession(t, command, async (session) => {
    const { server, environment, isJson } = session;
    const answer = await server.json<CompetitionList>('/competitions');
    const { competitions } = answer;
    rememberNames(environment, server.address, competitions);
    if (isJson) return printDocument(answer);
    if (competitions.length === 0) return print(t('client.no-competition', { server: server.address }));
    const meant = readConfiguration(environment).servers[server.address]?.competition;
    const rows = competitions.map((competition) => rowOf(competition, meant, session));
    const head = ['', 'slug', 'phase', 'closes', 'name'] as const;
    print(
      tableOf(
        head.map((name) => (name === '' ? '' : t(`client.column-${name}`))),
        rows,
      ),
    );
  });
}

function rowOf(
  { slug, name, phase, timeZone, instants }: CompetitionSummary,
  meant: string | undefined,
  { t, language }: Session,
) {
  return [
    slug === meant ? '*' : '',
    slug,
    t(`client.phase-${phase}`),
    instantIn(language, timeZone)(instants.close),
    name,
  ];
}

function useCompetition(command: Command, slug: string, t: Translate): Promise<void> {
  return inSession(t, command, async ({ server, environment, isJson }) => {
    const { competitions } = await server.json<CompetitionList>('/competitions');
    rememberNames(environment, server.address, competitions);
    if (!competitions.some((competition) => competition.slug === slug)) {
      const known = competitions.map((competition) => competition.slug).join(', ');
      throw new WrongUsageError([t('client.unknown-competition', { slug, known })]);
    }
    const configuration = readConfiguration(environment);
    const kept = configuration.servers[server.address] ?? { token: '', person: '' };
    const servers = { ...configuration.servers, [server.address]: { ...kept, competition: slug } };
    writeConfiguration(environment, { server: server.address, ...configuration, servers });
    if (isJson) printDocument({ server: server.address, competition: slug });
    else print(t('client.competition-is', { slug }));
  });
}

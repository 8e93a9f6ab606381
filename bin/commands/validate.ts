import { Command, Option } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { localLimits, uploadLimits } from '#lib/predictions/limits.ts';
import type { Format } from '#lib/predictions/records.ts';
import { parseExpected } from '#lib/predictions/references.ts';
import { unpack } from '#lib/predictions/unpack.ts';
import { parsePredictions } from '#lib/predictions.ts';
import { type Problem, sentenceOf } from '#lib/problems.ts';
import { textOf } from '../client/server.ts';
import { inSession, type SessionOptions, withSessionOptions } from '../client/session.ts';
import { printProblems } from './explain.ts';
import { formatOption } from './options.ts';
import { readBytes, readUnpacked, WrongInputError, WrongUsageError } from './problems.ts';

type Options = SessionOptions & { ids?: string; split: 'dev' | 'test'; format?: Format };

/** `rostrum validate`: the server's own check with the server's own limits, before a file is sent. */
export function validateCommand(t: Translate): Command {
  const file = t('cli.argument-file');
  const command = withSessionOptions(new Command('validate'), t)
    .argument('<predictions>', file)
    .option('--ids <file>', t('cli.validate-ids', { file }))
    .addOption(new Option('--split <split>', t('client.validate-split')).choices(['test', 'dev']).default('test'))
    .addOption(formatOption('--format <format>', 'predictions', t));
  return command.action((path: string, options: Options) => validate(path, options, command, t));
}

async function validate(path: string, options: Options, command: Command, t: Translate): Promise<void> {
  const { ids, competition, format, json } = options;
  if ((ids === undefined) === (competition === undefined))
    throw new WrongUsageError([t('client.validate-ids-or-competition')]);
  if (path === '-' && ids === '-')
    throw new WrongUsageError([t('cli.same-input', { first: '--ids', second: 'predictions' })]);
  const [list, sent] = await both(
    ids === undefined ? expectedAt(options, command, t) : expectedIn(ids),
    readBytes(path),
  );
  const unpacked = await unpack(sent, uploadLimits);
  const parsed = unpacked.ok
    ? parsePredictions(unpacked.bytes, { expected: list.expected, format })
    : { ok: false as const, format: null, problems: [unpacked.problem], total: 1, warnings: [] };
  if (json) process.stdout.write(`${JSON.stringify(documentOf(parsed, list.expected.length, t))}\n`);
  else printProblems(path, parsed.warnings, t);
  if (!parsed.ok) throw new WrongInputError(path, json ? [] : parsed.problems, json ? 0 : parsed.total);
  if (json) return;
  const count = parsed.hypotheses.size;
  process.stdout.write(`${t('cli.validate-fine', { file: path, format: parsed.format, count })}\n`);
}

async function expectedIn(ids: string) {
  const list = parseExpected(await readUnpacked(ids, localLimits));
  if (!list.ok) throw new WrongInputError(ids, list.problems, list.total);
  return list;
}

/** As the server has them: the manifest that teams download, with durations, which limit how long a hypothesis may be. */
function expectedAt({ split }: Options, command: Command, t: Translate) {
  return inSession(t, command, async ({ server, competition }) => {
    const path = `/competitions/${encodeURIComponent(await competition())}/data/${split}.csv`;
    const list = parseExpected(Buffer.from(await server.read(path, textOf)));
    if (!list.ok) throw new WrongInputError(`${split}.csv`, list.problems, list.total);
    return list;
  });
}

/** Where both fail, both reasons are told. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  throw new AggregateError([a, b].flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
}

type Checked = { format: Format | null; warnings: readonly Problem[] } & (
  | { ok: true }
  | { ok: false; problems: readonly Problem[]; total: number }
);

/** What `--json` prints. `errors` lists the first hundred of each code; `errorCount` tells how many there are. */
function documentOf(checked: Checked, utterances: number, t: Translate) {
  const told = ({ line, column, code, values }: Problem) => ({
    line,
    column,
    code,
    message: sentenceOf({ code, values }, t),
  });
  return {
    ok: checked.ok,
    format: checked.format,
    utterances,
    errors: checked.ok ? [] : checked.problems.map(told),
    errorCount: checked.ok ? 0 : checked.total,
    warnings: checked.warnings.map(told),
  };
}

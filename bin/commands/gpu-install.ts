import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { packageOf } from '#scoring/runtime/open.ts';
import { installationFolder, nativeFolder } from '#scoring/runtime/packages.ts';
import { type Backend, type InspectedRung, inspectLadder } from '#scoring/runtime.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { installNative } from '../start/native-packages.mjs';
import { refusalSentence } from './baseline/model.ts';
import { printError } from './explain.ts';
import { UnmetNeedError } from './problems.ts';

type Native = Exclude<Backend, 'wasm'>;
type Options = { only?: Native[]; minutes: number };

const natives = Object.keys(packageOf) as Native[];
const usualMinutes = 15;
const megabytes: Record<Native, number> = { 'tfjs-node-gpu': 900, webgpu: 140, 'tfjs-node': 500 };

/**
 * `rostrum admin gpu-install`: brings the native packages that the ladder tries first. Each stands on its own: one that cannot be
 * had, or does not start, leaves everything as it was.
 */
export function gpuInstallCommand(t: Translate): Command {
  const only = new Option('--only <names...>', `${t('cli.gpu-install-only')}: ${natives.join(', ')}`);
  return new Command('gpu-install')
    .description(t('cli.gpu-install'))
    .addOption(only.choices(natives))
    .option('--minutes <number>', t('cli.gpu-install-minutes'), parseMinutes, usualMinutes)
    .action((options: Options) => runInstall(options, t));
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= 600) return minutes;
  throw new InvalidArgumentError('Allowed choices are 1–600.');
}

async function runInstall({ only = natives, minutes }: Options, t: Translate): Promise<void> {
  const logFile = join(installationFolder, '.native', 'install.log');
  mkdirSync(join(installationFolder, '.native'), { recursive: true });
  const failures: string[] = [];
  for (const backend of only) {
    const outcome = await install(backend, { logFile, minutes }, t);
    if (outcome.ok) process.stdout.write(`${outcome.sentence}\n`);
    else failures.push(outcome.sentence);
  }
  if (failures.length === 0) return;
  throw new UnmetNeedError([...failures, t('cli.gpu-install-log', { file: logFile })]);
}

/** What became of one package, in a sentence. */
async function install(
  backend: Native,
  { logFile, minutes }: { logFile: string; minutes: number },
  t: Translate,
): Promise<{ ok: boolean; sentence: string }> {
  const name = packageOf[backend];
  const version = packageFile.peerDependencies[name as keyof typeof packageFile.peerDependencies];
  printError(t('cli.gpu-install-begin', { name, version, megabytes: megabytes[backend] }));
  let rung: InspectedRung | undefined;
  const outcome = await installNative(
    { name, version },
    {
      folder: nativeFolder(name),
      logFile,
      timeoutMs: minutes * 60_000,
      accept: async (folder) => {
        rung = (await inspectLadder({ folders: [folder] })).find((each) => each.backend === backend);
        return rung !== undefined && starts(rung);
      },
    },
  );
  switch (outcome.status) {
    case 'installed':
      return { ok: true, sentence: t('cli.gpu-install-done', { name, state: stateOf(rung!, t) }) };
    case 'turned-down':
      return { ok: false, sentence: t('cli.gpu-install-turned-down', { name, reason: stateOf(rung!, t) }) };
    case 'failed':
      return { ok: false, sentence: t('cli.gpu-install-failed', { name, reason: outcome.reason }) };
    default:
      return { ok: false, sentence: t(`cli.gpu-install-${outcome.status}`, { name, minutes }) };
  }
}

/** A package that starts may still find no GPU: an image is built on a machine that has none. */
function starts(rung: InspectedRung): boolean {
  return rung.status === 'passed' || ['no-gpu', 'no-adapter', 'software-adapter'].includes(rung.refusal.code);
}

function stateOf(rung: InspectedRung, t: Translate): string {
  return rung.status === 'passed'
    ? t('cli.gpu-install-works', { device: rung.device })
    : refusalSentence(rung.refusal, t);
}

import { Command } from 'commander';
import { ownerEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { type Backend, type InspectedRung, inspectLadder } from '#scoring/runtime.ts';
import { refusalSentence } from './baseline/model.ts';
import { type Check, checkInstallation } from './doctor/checks.ts';
import { UnmetNeedError } from './problems.ts';

/** `rostrum admin doctor`: whether an installation has what it needs, and what the baseline computes with. */
export function doctorCommand(t: Translate): Command {
  return new Command('doctor')
    .description(t('cli.doctor'))
    .option('--json', t('cli.option-json'))
    .action(({ json }: { json?: true }) => runDoctor(json === true, t));
}

type PassedRung = Extract<InspectedRung, { status: 'passed' }>;

async function runDoctor(isJson: boolean, t: Translate): Promise<void> {
  const env = ownerEnv();
  const checks = await checkInstallation(env, t);
  const ladder = await inspectLadder();
  const chosen = chosenRung(ladder, env.backend);
  const lines = isJson
    ? [JSON.stringify({ checks, backend: chosen, ladder: ladder.map((rung) => rungDocument(rung, t)) })]
    : [...checks.map(checkLine), '', ...ladderLines(ladder, chosen, env.backend, t)];
  process.stdout.write(`${lines.join('\n')}\n`);
  const problems = checks.filter(({ status }) => status === 'problem').length + (chosen === null ? 1 : 0);
  if (problems > 0) throw new UnmetNeedError([t('cli.doctor-problems', { count: problems })]);
}

/** The rung that a baseline would compute on: the one that is asked for, else the first that works. */
function chosenRung(ladder: readonly InspectedRung[], wanted: Backend | null): Backend | null {
  const works = ladder.filter(({ status, backend }) => status === 'passed' && (wanted ?? backend) === backend);
  return works[0]?.backend ?? null;
}

const marks: Record<Check['status'], string> = { ok: '✓', note: '·', problem: '✗' };

function checkLine({ status, message }: Check): string {
  return `${marks[status]} ${message}`;
}

function ladderLines(
  ladder: readonly InspectedRung[],
  chosen: Backend | null,
  wanted: Backend | null,
  t: Translate,
): string[] {
  const head = wanted === null ? t('cli.doctor-ladder') : t('cli.doctor-ladder-forced', { backend: wanted });
  const width = Math.max(...ladder.map(({ backend }) => backend.length));
  const lines = ladder.map((rung) => {
    const isMissed = chosen === null && (wanted ?? rung.backend) === rung.backend;
    const mark = rung.backend === chosen ? '→' : marks[rung.status === 'passed' ? 'ok' : isMissed ? 'problem' : 'note'];
    return `${mark} ${rung.backend.padEnd(width)}   ${rungSentence(rung, t)}`;
  });
  const used = ladder.find(({ backend }) => backend === chosen);
  return [head, ...lines, ...(used?.status === 'passed' ? [bootstrapSentence(used, t)] : [])];
}

function rungSentence(rung: InspectedRung, t: Translate): string {
  if (rung.status === 'refused') return refusalSentence(rung.refusal, t);
  const { device, isGpu, gigaflops } = rung;
  const speed = Number(gigaflops.toPrecision(2));
  return t('cli.doctor-rung', { device, kind: isGpu ? 'gpu' : 'cpu', speed });
}

/** Who resamples many systems: the rung, or the kernel where that is faster. */
function bootstrapSentence({ backend, bootstrapRatio: ratio }: PassedRung, t: Translate): string {
  const isRung = backend !== 'wasm' && ratio > 1;
  const times = Number((isRung ? ratio : 1 / ratio).toFixed(1));
  return t(`baseline.ladder-bootstrap-${isRung ? 'rung' : 'kernel'}`, { backend, times });
}

function rungDocument(rung: InspectedRung, t: Translate) {
  if (rung.status === 'passed') return rung;
  const { backend, status, refusal } = rung;
  return { backend, status, code: refusal.code, reason: refusalSentence(refusal, t) };
}

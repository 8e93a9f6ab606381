import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { backends } from '#lib/settings.ts';
import { dist } from '#scoring/dist.ts';
import { type Backend, openRung, packageOf, type RungOptions, usualFolders } from '#scoring/runtime/open.ts';
import { locatePackage } from '#scoring/runtime/packages.ts';
import type { ProbeAnswer, ProbeTask } from '#scoring/runtime/probe.ts';
import { type RungRefusal, RungRefusedError, refusalOf, type TensorFlow } from '#scoring/runtime/rung.ts';

/*
 * What everything numerical runs on: the first rung of CUDA, WebGPU, TensorFlow's C library and WebAssembly that comes up and
 * computes right. Native rungs are first tried in a process of their own.
 */

export type { Backend };

export type Skip = { readonly backend: Backend; readonly refusal: RungRefusal };

/** TensorFlow.js with one backend, the only one in this process until it is closed. */
export type Runtime = {
  readonly tf: TensorFlow;
  readonly backend: Backend;
  readonly device: string;
  readonly isGpu: boolean;
  /** The rungs above, each with why it is not used. */
  readonly skipped: readonly Skip[];
  close(): void;
};

export type RuntimeOptions = Partial<RungOptions> & {
  /** This rung or none. */
  readonly wanted?: Backend | null;
  /** Rungs that are passed over without a word. */
  readonly except?: readonly Backend[];
  /** Of the processes that try rungs, as Node's `os.constants.priority` has it; this one's where it is left out. */
  readonly priority?: number;
  /** A rung that has not answered by then is skipped. */
  readonly deadlineMs?: number;
};

/** None of the rungs that were allowed can be used. */
export class NoRuntimeError extends Error {
  readonly skipped: readonly Skip[];

  constructor(skipped: readonly Skip[]) {
    super(skipped.map(({ backend, refusal }) => `${backend}: ${refusal.code} ${refusal.details}`).join('; '));
    this.name = 'NoRuntimeError';
    this.skipped = skipped;
  }
}

/** A driver of CUDA may compile for the better part of a minute at its first start. */
const usualDeadlineMs = 60_000;

/** Opens the first rung that passes its self-check. Throws NoRuntimeError. */
export async function openRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { wanted = null, except = [], deadlineMs = usualDeadlineMs } = options;
  const rungOptions = withUsual(options);
  const skipped: Skip[] = [];
  for (const backend of wanted === null ? backends.filter((each) => !except.includes(each)) : [wanted]) {
    const refusal = await refusalBeforehand(backend, rungOptions, deadlineMs);
    if (refusal === null) {
      try {
        const rung = await within(deadlineMs, openRung(backend, rungOptions));
        return { ...rung, backend, skipped };
      } catch (error) {
        skipped.push({ backend, refusal: refusalOf(error) });
      }
    } else skipped.push({ backend, refusal });
  }
  throw new NoRuntimeError(skipped);
}

/** A rung as it was found; its speed is measureGigaflops'. */
export type InspectedRung = ProbeAnswer & { readonly backend: Backend };

/** How every rung does, each in a process of its own: for people who look after an installation. */
export async function inspectLadder(options: RuntimeOptions = {}): Promise<InspectedRung[]> {
  const { deadlineMs = usualDeadlineMs, priority = null } = options;
  const rungs = [];
  for (const backend of backends) {
    rungs.push({ backend, ...(await probe({ ...withUsual(options), backend }, deadlineMs, priority)) });
  }
  return rungs;
}

function withUsual({ folders = usualFolders, allowSoftware = false }: RuntimeOptions): RungOptions {
  return { folders, allowSoftware };
}

async function refusalBeforehand(
  backend: Backend,
  options: RungOptions,
  deadlineMs: number,
): Promise<RungRefusal | null> {
  if (backend === 'wasm') return null;
  const answer = await probe({ ...options, backend }, deadlineMs);
  return answer.status === 'refused' ? answer.refusal : null;
}

async function probe(task: ProbeTask, deadlineMs: number, priority: number | null = null): Promise<ProbeAnswer> {
  const name = task.backend === 'wasm' ? null : packageOf[task.backend];
  // Most machines have none of the packages, and a process is not started to learn it.
  if (name !== null && locatePackage(name, task.folders) === null) return refused('not-installed', name);
  return new Promise((resolve) => {
    const child = fork(join(dist, 'runtime-probe.mjs'), {
      // What libraries write goes to nobody, but for the end of their complaints.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let complaints = '';
    let answer: ProbeAnswer | null = null;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      complaints = (complaints + text).slice(-4000);
    });
    child.on('message', (message: ProbeAnswer) => {
      answer = message;
    });
    const end = (how: string) => {
      clearTimeout(timer);
      if (answer !== null) resolve(explained(answer, complaints));
      else if (isLate) resolve(lateAfter(deadlineMs));
      else resolve(refused('crashed', `${how}: ${lastLine(complaints)}`));
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => end(String(signal ?? code)));
    if (priority !== null && child.pid !== undefined) setPriority(child.pid, priority);
    child.send(task, () => {});
  });
}

/** TensorFlow and Dawn tell only on stderr what they miss. */
function explained(answer: ProbeAnswer, complaints: string): ProbeAnswer {
  if (answer.status === 'passed' || answer.refusal.details !== '') return answer;
  const libraries = [...complaints.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name);
  return refused(answer.refusal.code, [...new Set(libraries)].join(', ') || lastLine(complaints));
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return (lines.at(-1) ?? '').trim().slice(0, 300);
}

function lateAfter(deadlineMs: number): ProbeAnswer {
  return refused('timed-out', String(deadlineMs / 1000));
}

function refused(code: RungRefusal['code'], details: string): ProbeAnswer {
  return { status: 'refused', refusal: { code, details } };
}

async function within<Result>(deadlineMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RungRefusedError('timed-out', String(deadlineMs / 1000))), deadlineMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

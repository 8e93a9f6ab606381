import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../bin/start/address.ts';
import { metricsToken } from './stack.ts';
import { eventually } from './workers.ts';

/** A real Prometheus that reads web processes every second, as the job `rostrum`. */
export type TestPrometheus = {
  /** What an expression comes to now: a number for every series. Throws where it is none that Prometheus understands. */
  ask(expression: string): Promise<number[]>;
  stop(): Promise<void>;
};

export function hasPrometheus(): boolean {
  return spawnSync('prometheus', ['--version']).error === undefined;
}

export async function startPrometheus(origins: readonly string[]): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'rostrum-prometheus-'));
  const targets = origins.map((origin) => new URL(origin).host);
  const authorization = { credentials: metricsToken };
  const job = { job_name: 'rostrum', authorization, static_configs: [{ targets }] };
  const config = { global: { scrape_interval: '1s' }, scrape_configs: [job] };
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  const address = `127.0.0.1:${await freePort('127.0.0.1')}`;
  const process = startProgram(folder, address);
  const stop = async () => {
    if (process.exitCode === null && process.signalCode === null) {
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(60, async () => (await fetch(`http://${address}/-/ready`).catch(() => null))?.ok);
  } catch (error) {
    const log = readFileSync(join(folder, 'log'), 'utf8');
    await stop();
    throw new Error(`Prometheus did not start:\n${log}`, { cause: error });
  }
  return {
    async ask(expression) {
      const answer = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const { status, error, data } = await answer.json();
      if (status !== 'success') throw new Error(`${expression}: ${error}`);
      return data.result.map(({ value }: { value: [number, string] }) => Number(value[1]));
    },
    stop,
  };
}

function startProgram(folder: string, address: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w');
  const settings = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn('prometheus', settings, { stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

import { readdirSync, readFileSync } from 'node:fs';

/** What Linux says of processes: their memory, and the time they have spent on a processor. */
export type Running = { pid: number; command: string };

const clockTicksPerSecond = 100;
const pageBytes = 4096;

export function descendants(of = process.pid): Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(all.map((pid) => [pid, Number(fields(pid)[1] ?? 0)]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === of || (parent > 1 && isBelow(parent));
  };
  return all.filter(isBelow).map((pid) => ({ pid, command: commandOf(pid) }));
}

export function find(name: string): Running {
  const found = descendants().find(({ command }) => command.includes(name));
  if (found === undefined) throw new Error(`no process ${name}`);
  return found;
}

export function cpuSeconds(pid: number): number {
  const [user = '0', system = '0'] = fields(pid).slice(11, 13);
  return (Number(user) + Number(system)) / clockTicksPerSecond;
}

export function residentMegabytes(pid: number): number {
  return (Number(fields(pid)[21] ?? 0) * pageBytes) / 1e6;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** /proc/PID/stat after the name: [state, ppid, …]; nothing where the process is gone. */
function fields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

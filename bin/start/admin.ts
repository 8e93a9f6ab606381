import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '#lib/settings.ts';
import { runCommand } from './commands.mjs';
import { say } from './sentences.mjs';

export type AdminOptions = { root: string; env: Environment; logFile: string; signal: AbortSignal };

/** One line of `rostrum admin demo`: how far it is, or at its end who may sign in. */
const DemoLine = z.union([
  z.object({ message: z.string() }),
  z.object({ signIns: z.array(z.object({ role: z.string(), email: z.string(), password: z.string() })) }),
]);
export type SignIn = { role: string; email: string; password: string };
export type DemoOutcome = { status: 'seeded'; signIns: SignIn[] } | { status: 'absent'; reason: string };

const wrongUsage = 2;

/** Seeds the demo, or finds it there. Without one the rest goes on, and says so. */
export async function seedDemo(options: AdminOptions, tell: (text: string) => void): Promise<DemoOutcome> {
  let signIns: SignIn[] = [];
  let last = '';
  const { code } = await runAdmin('demo', options, (text) => {
    const line = parseDemoLine(text);
    if (line === null) {
      last = text.trim() || last;
    } else if ('message' in line) {
      last = line.message;
      tell(line.message);
    } else {
      signIns = line.signIns;
    }
  });
  if (code === 0) return { status: 'seeded', signIns };
  return { status: 'absent', reason: code === wrongUsage ? say('demo-absent') : last.replace(/\.$/, '') };
}

/** The link that makes the first administrator, or null where there is one already. */
export async function firstAdministratorLink(options: AdminOptions): Promise<string | null> {
  const { code, output } = await runAdmin('first-administrator', options, () => {});
  return code === 0 ? (/https?:\/\/\S+/.exec(output)?.[0] ?? null) : null;
}

function runAdmin(command: string, { root, env, logFile, signal }: AdminOptions, onLine: (line: string) => void) {
  const args = [join(root, 'dist/rostrum.mjs'), 'admin', command];
  return runCommand(process.execPath, args, {
    cwd: root,
    env,
    logFile,
    signal,
    onLine,
  });
}

function parseDemoLine(text: string): z.infer<typeof DemoLine> | null {
  try {
    return DemoLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

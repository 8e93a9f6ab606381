import { Command } from 'commander';
import { provideDemoSpeech } from '#lib/datasets/demo-speech.ts';
import { ownerEnv } from '#lib/env.ts';
import { RefusedError } from '#lib/errors.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { seedDemo } from '../demo/seed.ts';
import { withOwnerDatabase } from '../owner-database.ts';
import { prepareHome } from '../start/folders.mjs';
import { demoTroubleSentence } from './demo-trouble.ts';

/**
 * `rostrum admin demo`: makes the demo, or finds it there. Prints a line of JSON per step, `{"message"}`, and at the end who may
 * sign in, `{"signIns"}`.
 */
export function adminDemoCommand(t: Translate): Command {
  return new Command('demo').description(t('cli.admin-demo')).action(() => runDemo(t));
}

async function runDemo(t: Translate): Promise<void> {
  const place = ownerEnv();
  const { home, demo, mode } = place;
  if (!demo) throw new RefusedError('demo-off', 403);
  prepareHome(home);
  const provided = await provideDemoSpeech(home, (step) => tell({ message: t(`cli.demo-step-${step}`) }));
  if (provided.status === 'absent') {
    const reason = provided.troubles.map((trouble) => demoTroubleSentence(trouble, t)).join(' ');
    tell({ message: reason });
    throw new RefusedError('demo-impossible', 503, { reason });
  }
  tell({ message: t('cli.demo-step-seed') });
  const { speech } = provided;
  const signIns = await withOwnerDatabase((db) => seedDemo(db, { place, speech, isAlone: mode === 'demo' }));
  tell({
    signIns: signIns.map(({ role, team, email, password }) => ({
      role: team === null ? t(`cli.demo-role-${role}`) : t('cli.demo-role-of-team', { team }),
      email,
      password,
    })),
  });
}

function tell(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

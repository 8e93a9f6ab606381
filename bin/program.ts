import { type Commands, runOneOf } from './run.ts';

/** Every command: `score` must not wait for a database driver, nor any for what it does not need. */
export const commands: Commands = {
  score: async (t, words) => (await import('./score.ts')).loadScore(t, words),
  validate: async (t) => (await import('./commands/validate.ts')).validateCommand(t),
  normalise: async (t) => (await import('./commands/normalise.ts')).normaliseCommand(t),
  baseline: async (t) => (await import('./commands/baseline.ts')).baselineCommand(t),
  competition: async (t) => (await import('./commands/competition.ts')).competitionCommand(t),
  import: async (t) => (await import('./commands/import.ts')).importCommand(t),
  admin: async (t) => (await import('./commands/admin.ts')).adminCommand(t),
};

export function run(args: string[]): Promise<number> {
  return runOneOf(commands, args);
}

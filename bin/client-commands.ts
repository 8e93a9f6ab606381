import type { Commands } from './run.ts';

/** What teams use, of a server and of their own files; `all` are those that completion knows. */
export function clientCommands(all: () => Commands): Commands {
  return {
    login: async (t) => (await import('./commands/login.ts')).loginCommand(t),
    logout: async (t) => (await import('./commands/logout.ts')).logoutCommand(t),
    whoami: async (t) => (await import('./commands/whoami.ts')).whoamiCommand(t),
    competitions: async (t) => (await import('./commands/competitions.ts')).competitionsCommand(t),
    data: async (t) => (await import('./commands/data.ts')).dataCommand(t),
    submit: async (t) => (await import('./commands/submit.ts')).submitCommand(t),
    status: async (t) => (await import('./commands/status.ts')).statusCommand(t),
    submissions: async (t) => (await import('./commands/submissions.ts')).submissionsCommand(t),
    leaderboard: async (t) => (await import('./commands/leaderboard.ts')).leaderboardCommand(t),
    score: async (t, words) => (await import('./score.ts')).loadScore(t, words),
    validate: async (t) => (await import('./commands/validate.ts')).validateCommand(t),
    normalise: async (t) => (await import('./commands/normalise.ts')).normaliseCommand(t),
    completion: async (t, words) => (await import('./commands/completion.ts')).completionCommand(t, words, all()),
  };
}

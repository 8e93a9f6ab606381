import { type Competition, nextBoundary, type Phase, phase } from '#lib/competition.ts';
import { getBoard } from '#lib/db/boards.ts';
import { type Database, readClock } from '#lib/db/client.ts';
import { findCompetition } from '#lib/db/competitions.ts';
import { subscribe } from '#lib/db/live.ts';
import { findRevealNews } from '#lib/db/reveals.ts';
import { readTalkNews } from '#lib/db/stage.ts';
import type { News, NewsKind } from '#lib/live-news.ts';
import { log } from '#lib/log.ts';

/*
 * What the public sees of each competition that somebody looks at, kept in memory and up to date: by news from the database, by
 * the clock where a window opens or closes, and by a look now and then, should any of that be lost.
 */

export type Followed = {
  competition: Competition;
  /** The newest of each kind that there is. */
  news: readonly News[];
  phase: Phase;
  /** When its timetable moves on. */
  boundary: Date | null;
  /** How far the clock of rules is ahead of this process'. */
  clockAheadMs: number;
  /** Rises with every change of what is shown: a page drawn under an earlier one is out of date. */
  stamp: number;
};

export type Listener = { onNews(followed: Followed, kind: NewsKind): void; onPhase(followed: Followed): void };

export type Competitions = {
  /** Null for what the public does not know. */
  find(slug: string): Promise<Followed | null>;
  /** Rises with every change of any competition. */
  stampOfAll(): number;
  close(): Promise<void>;
};

type State = {
  db: Database;
  listener: Listener;
  kept: Map<string, Followed>;
  timers: Map<string, NodeJS.Timeout>;
  loading: Map<string, Promise<Followed | null>>;
  stamp: number;
};

const lookAgainMs = 20_000;
/** A timer cannot wait longer than 24.8 days; and the clock of rules may be moved meanwhile. */
const longestWaitMs = 3_600_000;

export async function followCompetitions(db: Database, url: string, listener: Listener): Promise<Competitions> {
  const state: State = { db, listener, kept: new Map(), timers: new Map(), loading: new Map(), stamp: 0 };
  const lookAtAll = () => {
    for (const slug of state.kept.keys()) look(state, slug);
  };
  const news = await subscribe(url, 'rostrum_live', {
    onConnected: lookAtAll,
    onCompetition: (id) => {
      state.stamp += 1;
      for (const [slug, { competition }] of state.kept) if (competition.id === id) look(state, slug);
    },
  });
  const timer = setInterval(lookAtAll, lookAgainMs).unref();
  return {
    find: async (slug) => state.kept.get(slug) ?? (await refresh(state, slug)),
    stampOfAll: () => state.stamp,
    async close() {
      clearInterval(timer);
      for (const boundary of state.timers.values()) clearTimeout(boundary);
      await news.close();
    },
  };
}

function look(state: State, slug: string): void {
  refresh(state, slug).catch((error: unknown) => log.warn({ err: error, slug }, 'competition not reloaded'));
}

/** Loads one anew. Loads of one competition follow each other, so that an old answer never wins. */
function refresh(state: State, slug: string): Promise<Followed | null> {
  const before = state.loading.get(slug) ?? Promise.resolve();
  const next = before.catch(() => {}).then(() => load(state, slug));
  state.loading.set(slug, next);
  const forget = () => {
    if (state.loading.get(slug) === next) state.loading.delete(slug);
  };
  next.then(forget, forget);
  return next;
}

async function load(state: State, slug: string): Promise<Followed | null> {
  const competition = await findCompetition(state.db, slug);
  const now = await readClock(state.db);
  clearTimeout(state.timers.get(slug));
  const here = competition === null ? 'draft' : phase(competition, now);
  if (competition === null || here === 'draft') {
    if (state.kept.delete(slug)) state.stamp += 1;
    state.timers.delete(slug);
    return null;
  }
  const news = await readNews(state.db, competition);
  const boundary = nextBoundary(competition, now);
  if (boundary !== null) {
    const waitMs = Math.min(boundary.getTime() - now.getTime(), longestWaitMs);
    state.timers.set(slug, setTimeout(() => look(state, slug), waitMs).unref());
  }
  return keep(state, { competition, news, phase: here, boundary, clockAheadMs: now.getTime() - Date.now() });
}

async function readNews(db: Database, competition: Competition): Promise<News[]> {
  const { version, body } = await getBoard(db, competition);
  const others = [await readTalkNews(db, competition), await findRevealNews(db, competition.id)];
  return [{ kind: 'board', version, body }, ...others.filter((news) => news !== null)];
}

/** Tells of what is new about it. */
function keep(state: State, found: Omit<Followed, 'stamp'>): Followed {
  const { slug } = found.competition;
  const old = state.kept.get(slug);
  // Labels are corrected while the board stands still, too: that nobody is to notice, and its news tell what comes of it.
  const timetable = (of: typeof found | undefined) =>
    JSON.stringify([{ ...of?.competition, labelVersion: 0 }, of?.phase, of?.boundary]);
  const isMoved = timetable(old) !== timetable(found);
  const newer = found.news.filter(({ kind, version }) => versionOf(old, kind) !== version);
  const isChanged = isMoved || newer.length > 0;
  if (isChanged) state.stamp += 1;
  const followed = { ...found, stamp: isChanged ? state.stamp : (old?.stamp ?? state.stamp) };
  state.kept.set(slug, followed);
  if (old === undefined) return followed;
  for (const { kind } of newer) state.listener.onNews(followed, kind);
  if (isMoved) state.listener.onPhase(followed);
  return followed;
}

function versionOf(followed: Pick<Followed, 'news'> | undefined, kind: NewsKind): number | undefined {
  return followed?.news.find((news) => news.kind === kind)?.version;
}

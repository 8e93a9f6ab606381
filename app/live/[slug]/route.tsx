import { currentUser } from '#lib/auth.ts';
import { readSnapshot } from '#lib/board.ts';
import { getBoard } from '#lib/db/boards.ts';
import { readClock } from '#lib/db/client.ts';
import { getVisibleCompetition } from '#lib/db/competitions.ts';
import { findReveal } from '#lib/db/reveals.ts';
import { getStageView, talkVersion } from '#lib/db/stage.ts';
import { webDatabase } from '#lib/db/web.ts';
import { webEnv } from '#lib/env.ts';
import { refusalOf } from '#lib/http.ts';
import { newsId } from '#lib/live-news.ts';
import { log } from '#lib/log.ts';
import { pageLanguage } from '../../language.ts';
import { LiveNotice, LivePage } from './live-page.tsx';
import { sceneOf } from './scene.ts';
import { shownTalk } from './talk.ts';

/**
 * The audience's page: hand-made HTML with one small script and the system's font, so that a hall full of phones has it at once.
 * The same for everybody, as the board is.
 */
export async function GET(_request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  const language = await pageLanguage();
  const db = webDatabase();
  try {
    const competition = await getVisibleCompetition(db, slug, await currentUser());
    const board = readSnapshot((await getBoard(db, competition)).body);
    const address = `${webEnv().origin}/live/${slug}`;
    const stage = await getStageView(db, competition.id);
    const reveal = await findReveal(db, competition.id);
    const held = [
      newsId('board', board.version),
      newsId('talk', talkVersion(stage)),
      ...(reveal === null ? [] : [newsId('reveal', reveal.revision)]),
    ];
    const scene = sceneOf({ board, talk: shownTalk(stage), reveal });
    const now = await readClock(db);
    return await page(<LivePage {...{ competition, board, scene, held, language, now, address }} />, 200);
  } catch (error) {
    const { status } = refusalOf(error);
    if (status >= 500) log.error({ err: error, path: `/live/${slug}` }, 'page failed');
    return page(<LiveNotice language={language} missing={status === 404} />, status);
  }
}

async function page(document: React.ReactElement, status: number): Promise<Response> {
  // A static import of it is refused in Next's server code; a handler that writes its own HTML is what it is for.
  const { renderToStaticMarkup } = await import('react-dom/server');
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'private, no-store' };
  return new Response(`<!doctype html>${renderToStaticMarkup(document)}`, { status, headers });
}

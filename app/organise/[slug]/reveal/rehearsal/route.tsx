import { withBase } from '#lib/base-path.ts';
import { nameOf } from '#lib/competition.ts';
import { revealSteps } from '#lib/reveal.ts';
import { sampleResults } from '#lib/reveal-sample.ts';
import { revealWords } from '#lib/reveal-words.ts';
import { desk } from '../../desk.ts';
import { RehearsalDocument } from './document.tsx';

const sampleTeams = 12;

type Context = { params: Promise<{ slug: string }> };

/** The show as the hall will see it, in the organiser's own window: of made-up data, or (`?data=real`) of the real result, once unsealed. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const reader = await desk((await params).slug);
  const { t, language, competition, slug } = reader;
  const isReal = new URL(request.url).searchParams.get('data') === 'real';
  const sample = () =>
    revealSteps(sampleResults(sampleTeams, (number) => t('reveal.sample-team', { number }), t('board.baseline')));
  const data = {
    steps: isReal ? null : sample(),
    words: revealWords(t, language),
    desk: withBase(`/organise/${slug}/desk/reveal/rehearse`),
    unreachable: t('failure.unreachable'),
  };
  const name = nameOf(competition, language);
  const { renderToStaticMarkup } = await import('react-dom/server');
  const document = renderToStaticMarkup(<RehearsalDocument {...{ reader, name, isReal, data }} />);
  return new Response(`<!doctype html>${document}`, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'private, no-store' },
  });
}

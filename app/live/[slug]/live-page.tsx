import type { ReactNode } from 'react';
import type { Snapshot } from '#lib/board.ts';
import { type Competition, isRevealed, nameOf, status } from '#lib/competition.ts';
import { newsKinds } from '#lib/live-news.ts';
import { boardTexts } from '#ui/board-texts.ts';
import { QrCode } from '#ui/qr-code.tsx';
import type { PageLanguage } from '../../language.ts';
import { statusSentence } from '../../status-sentence.ts';
import type { Scene } from './scene.ts';
import { SceneView } from './scene-view.tsx';

type Props = {
  competition: Competition;
  board: Snapshot;
  scene: Scene;
  /** The ids of the news that the document shows, as lib/live-news.ts writes them. */
  held: readonly string[];
  language: PageLanguage;
  now: Date;
  /** The page's public address. */
  address: string;
};

/** The whole document. public/live.js fetches it anew when something changed, and replaces what stands in the body. */
export function LivePage(props: Props) {
  const { competition, board, scene, held, language: reader, now, address } = props;
  const { t } = reader;
  const here = address.replace(/^https?:\/\//, '');
  const { news, newsPlace, newsPlain, newsMore } = boardTexts(t, competition.teamSize, board);
  return (
    <Document reader={reader} title={`${nameOf(competition, reader.language)} · ${t('board.caption')}`}>
      <body
        data-slug={competition.slug}
        data-scene={scene.name}
        data-held={held.join()}
        data-kinds={newsKinds.join()}
        data-time-zone={competition.timeZone}
        data-lost={t('board.live-offline', { time: '{time}' })}
        data-day={t('board.live-day')}
        data-words={JSON.stringify({ news, newsPlace, newsPlain, newsMore })}
      >
        <Header {...props} here={here} />
        <SceneView {...{ scene, competition, now, here }} language={reader} />
        <Footer {...props} here={here} />
        <p id="lost" role="status" />
        <p id="news" role="status" className="sr-only" />
      </body>
    </Document>
  );
}

function Header({ competition, board, scene, language: reader, now, address, here }: Props & { here: string }) {
  const { t, formats, language } = reader;
  const { timeZone } = competition;
  const standing = status(competition, now);
  return (
    <header>
      <div>
        <h1>
          <bdi>{nameOf(competition, language)}</bdi>
        </h1>
        <p>{statusSentence(t, formats, competition, standing)}</p>
        {scene.name === 'board' && board.frozen && competition.freezesAt && (
          <p className="frozen">
            <span aria-hidden="true">❄</span>{' '}
            {t('board.frozen', { since: formats.instant(competition.freezesAt, timeZone) })}
          </p>
        )}
      </div>
      {standing.until && (
        <p className="clock">
          {t(`common.until-${standing.key}`)}
          <time id="clock" dateTime={standing.until.toISOString()}>
            {formats.instant(standing.until, timeZone)}
          </time>
        </p>
      )}
      <QrCode text={address} label={t('live.qr', { address: here })} id="qr" className="qr" />
    </header>
  );
}

function Footer({ competition, board, scene, language: reader, now, here }: Props & { here: string }) {
  const { t, formats } = reader;
  const { timeZone, slug } = competition;
  // A talk has no signs, and a reveal says itself what its signs mean and of which board it speaks.
  const isBoard = scene.name === 'board';
  return (
    <footer>
      {isBoard && board.rows.some((row) => row.tied !== null) && <p>{t('board.legend-tied-live')}</p>}
      {isBoard && board.version > 0 && (
        <p>
          {t('board.as-of')} <time dateTime={board.at}>{formats.instant(new Date(board.at), timeZone)}</time>
        </p>
      )}
      {isRevealed(competition, now) && (
        <p className="microphone">
          <a href={`/c/${slug}/results`}>{t('competition.next-results')}</a>
        </p>
      )}
      {board.rows.some((row) => row.isBaseline) && (
        <p className="microphone">
          <a href={`/live/${slug}/microphone`}>{t('microphone.heading')}</a>
        </p>
      )}
      <LanguageForm back={`/live/${slug}`} reader={reader} />
      <button type="button" id="fullscreen" hidden>
        {t('live.fullscreen')}
      </button>
      <p className="here">{here}</p>
    </footer>
  );
}

/** Where there is nothing to follow, or nothing can be read now: then the page comes back by itself until something can. */
export function LiveNotice({ language: reader, missing }: { language: PageLanguage; missing: boolean }) {
  const { t } = reader;
  const title = missing ? t('common.not-found') : t('failure.title');
  return (
    <Document reader={reader} title={title}>
      <body data-comes-back={missing ? undefined : ''}>
        <main className="notice">
          <h1>{title}</h1>
          <p>{missing ? t('common.not-found-text') : t('failure.text')}</p>
          <p>
            <a href="/">{t('common.not-found-home')}</a>
          </p>
        </main>
      </body>
    </Document>
  );
}

type DocumentProps = { reader: PageLanguage; title: string; children: ReactNode };

function Document({ reader, title, children }: DocumentProps) {
  return (
    <html lang={reader.language} data-theme={reader.theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/tokens.css" />
        <link rel="stylesheet" href="/board.css" />
        <link rel="stylesheet" href="/live.css" />
        <link rel="stylesheet" href="/reveal.css" />
        <script type="module" src="/live.js" />
        <noscript>
          <meta httpEquiv="refresh" content="30" />
        </noscript>
      </head>
      {children}
    </html>
  );
}

function LanguageForm({ back, reader }: { back: string; reader: PageLanguage }) {
  return (
    <form action="/preferences" method="post" aria-label={reader.t('common.language')}>
      <input type="hidden" name="back" value={back} />
      {(['ru', 'en'] as const).map((value) => (
        <button
          type="submit"
          key={value}
          name="language"
          value={value}
          lang={value}
          aria-pressed={value === reader.language}
        >
          {value.toUpperCase()}
        </button>
      ))}
    </form>
  );
}

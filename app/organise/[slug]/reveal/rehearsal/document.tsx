import type { PageLanguage } from '../../../../language.ts';

type Props = { reader: PageLanguage; name: string; isReal: boolean; data: unknown };

/** public/reveal-rehearsal.js plays it. */
export function RehearsalDocument({ reader: { t, language, theme }, name, isReal, data }: Props) {
  const badge = t(isReal ? 'reveal.rehearsal-badge-real' : 'reveal.rehearsal-badge');
  return (
    <html lang={language} data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${badge} · ${name}`}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {['tokens', 'live', 'reveal', 'reveal-player'].map((sheet) => (
          <link key={sheet} rel="stylesheet" href={`/${sheet}.css`} />
        ))}
        <script type="module" src="/reveal-rehearsal.js" />
      </head>
      <body>
        <header>
          <div>
            <h1>{name}</h1>
          </div>
          <p className="badge">{badge}</p>
        </header>
        <main className="reveal">
          {isReal && (
            <form id="open" className="player-form">
              <p>{t('reveal.rehearse-real-lead')}</p>
              <label htmlFor="reason">{t('reveal.reason')}</label>
              <input id="reason" name="reason" maxLength={500} required />
              <button type="submit">{t('reveal.rehearse-begin')}</button>
              <p id="problem" role="alert" />
            </form>
          )}
          <p className="sr-only" role="status" />
        </main>
        <footer className="player" hidden>
          <button type="button" data-move="back">
            {t('reveal.back')}
          </button>
          <button type="button" data-move="next">
            {t('reveal.next')}
          </button>
          <p>{t('reveal.keys')}</p>
        </footer>
        <script
          type="application/json"
          id="data"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in which no tag can begin
          dangerouslySetInnerHTML={{ __html: JSON.stringify(data).replaceAll('<', '\\u003c') }}
        />
      </body>
    </html>
  );
}

import inEnglish from '#lib/messages/en/failure.json' with { type: 'json' };
import inRussian from '#lib/messages/ru/failure.json' with { type: 'json' };
import { Button } from '#ui/button.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { useRequestId } from './request-id.ts';

type Props = { digest: string | undefined; retry: () => void };

/**
 * What a reader sees when a page broke. It may be all that still works, so it asks nobody for the language: both stand in it,
 * and a style shows the document's (globals.css), or both where there is none. The number is the request's, or where the browser does
 * not tell that, Next's digest of the error, which leads to all requests that failed alike; what broke in the browser has neither.
 */
export function Failure({ digest, retry }: Props) {
  const requestId = useRequestId();
  const languages = [
    { language: 'ru', texts: inRussian },
    { language: 'en', texts: inEnglish },
  ];
  return (
    <div className="in-both-languages">
      <title>Rostrum</title>
      {languages.map(({ language, texts }) => (
        <div key={language} lang={language}>
          <PageTitle lead={texts.text}>{texts.title}</PageTitle>
          <p className="flex flex-wrap items-center gap-x-6 gap-y-3">
            <Button onClick={retry}>{texts.retry}</Button>
            {digest && (
              <span className="text-sm text-soft">
                {texts.number} <code className="code break-all">{requestId ?? digest}</code>
              </span>
            )}
          </p>
        </div>
      ))}
    </div>
  );
}

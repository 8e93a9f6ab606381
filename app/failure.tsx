import inEnglish from '#lib/messages/en/failure.json';
import inRussian from '#lib/messages/ru/failure.json';
import { Button } from '#ui/button.tsx';

type Props = { digest: string | undefined; retry: () => void };

/**
 * What a reader sees when a page broke. It may be all that still works, so it asks nobody for the language: both stand in it,
 * and a style shows the document's (globals.css), or both where there is none.
 */
export function Failure({ digest, retry }: Props) {
  const languages = [
    { language: 'ru', texts: inRussian },
    { language: 'en', texts: inEnglish },
  ];
  return (
    <div className="in-both-languages">
      {languages.map(({ language, texts }) => (
        <div
          key={language}
          lang={language}
          className="rounded-2xl border border-dashed border-line px-6 py-12 text-center"
        >
          <h1 className="text-2xl font-semibold">{texts.title}</h1>
          <p className="mx-auto mt-2 max-w-[52ch] text-soft">{texts.text}</p>
          {digest && (
            <p className="mt-2 text-sm text-soft">
              {texts.digest} <code className="code">{digest}</code>
            </p>
          )}
          <p className="mt-5">
            <Button onClick={retry}>{texts.retry}</Button>
          </p>
        </div>
      ))}
    </div>
  );
}

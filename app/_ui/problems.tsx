import type { ReactNode } from 'react';
import type { Translate } from '#lib/messages/translate.ts';

/** A file's problem with its sentence in the reader's language (`sentenceOf` of lib/problems.ts). 0: the whole line or file. */
export type ShownProblem = { line: number; column: number; code: string; sentence: string };
export type ProblemsTexts = { caption: string; line: string; column: string; problem: string; code: string };

/** The texts of <Problems>, made on the server, so that the component can be used in the browser too. */
export function problemsTexts(t: Translate): ProblemsTexts {
  return {
    caption: t('common.problems'),
    line: t('common.problem-line'),
    column: t('common.problem-column'),
    problem: t('common.problem-what'),
    code: t('common.problem-code'),
  };
}

/** Everything wrong with a file, with places that an editor can jump to. `more` says how many are not listed. */
export function Problems({ problems, texts, more }: ProblemsProps) {
  return (
    <section
      aria-label={texts.caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[32rem] overflow-auto rounded-xl border border-line"
    >
      <table className="table text-sm">
        <caption className="sr-only">{texts.caption}</caption>
        <thead className="sticky top-0 bg-raised">
          <tr>
            <th scope="col" className="number pl-4!">
              {texts.line}
            </th>
            <th scope="col" className="number">
              {texts.column}
            </th>
            <th scope="col">{texts.problem}</th>
            <th scope="col" className="hidden sm:table-cell">
              {texts.code}
            </th>
          </tr>
        </thead>
        <tbody className="bg-paper">
          {problems.map((problem) => (
            <tr key={`${problem.line}:${problem.column}:${problem.code}:${problem.sentence}`}>
              <td className="number pl-4!">{problem.line || '—'}</td>
              <td className="number">{problem.column || '—'}</td>
              <td className="w-full">{problem.sentence}</td>
              <td className="hidden whitespace-nowrap pr-4! font-mono text-soft sm:table-cell">{problem.code}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <p className="px-4 py-3 text-sm text-soft">{more}</p>}
    </section>
  );
}
type ProblemsProps = { problems: readonly ShownProblem[]; texts: ProblemsTexts; more?: ReactNode };

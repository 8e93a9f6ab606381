import { Fragment } from 'react';
import type { translatorOf } from '#lib/messages/format.ts';
import type { AreaMessages } from '#lib/messages/translate.ts';
import { classNames } from '#ui/class-names.ts';
import type { SeenLine, SeenWord } from './look.ts';
import { stretchesOf } from './marks.ts';

type Texts = { t: ReturnType<typeof translatorOf<AreaMessages<'scoring'>>> };

/** Line by line: what was typed, and each word that is scored in a box of its own. */
export function Result({ t, lines }: Texts & { lines: readonly SeenLine[] }) {
  return (
    <div className="space-y-6">
      <p className="max-w-prose text-sm text-soft">{t('normalise-legend')}</p>
      {lines.map((line) => (
        <section key={line.line} className="rounded-2xl border border-rule bg-raised p-5">
          <h3 className="font-semibold">
            {t('normalise-result', { line: line.line })}{' '}
            <span className="font-normal text-soft">{summaryOf(line, t)}</span>
          </h3>
          <p className="mt-2 text-soft">
            <span className="text-sm">{t('normalise-typed')}:</span> <Visible text={line.typed} />
          </p>
          {line.isCutByBrackets && <p className="mt-2 text-warn">{t('normalise-brackets')}</p>}
          {line.words.some(({ word }) => word !== null) || <p className="mt-2">{t('normalise-no-words')}</p>}
          <ul aria-label={t('normalise-words')} className="mt-3 flex flex-wrap items-start gap-2">
            {line.words.map((word, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: words repeat; the list never changes its order
              <WordBox key={i} t={t} word={word} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function summaryOf({ words }: SeenLine, t: Texts['t']): string {
  const dropped = words.filter(({ word }) => word === null).length;
  const changed = words.filter(({ word, was }) => word !== null && was !== null).length;
  const parts = [t('normalise-count', { words: words.length - dropped })];
  if (changed > 0) parts.push(t('normalise-changed', { changed }));
  if (dropped > 0) parts.push(t('normalise-left-out-count', { dropped }));
  if (changed === 0 && dropped === 0) parts.push(t('normalise-unchanged'));
  return parts.join(' · ');
}

function WordBox({ t, word: { word, was, by } }: Texts & { word: SeenWord }) {
  if (word === null) {
    return (
      <li className={classNames(box, 'border-dashed border-line text-soft')}>
        <s>
          <Visible text={was ?? ''} />
        </s>
        <small className="block text-xs">{t('normalise-left-out')}</small>
      </li>
    );
  }
  return (
    <li className={classNames(box, was === null ? 'border-line' : 'border-accent')}>
      <span className={was === null ? '' : 'font-semibold text-accent'}>
        <Visible text={word} />
      </span>
      {was !== null && (
        <small className="block text-xs text-soft">
          {t(by === 'mapping' ? 'normalise-mapped' : 'normalise-was')} <Visible text={was} />
        </small>
      )}
    </li>
  );
}

const box = 'max-w-full break-words rounded-lg border bg-paper px-2.5 py-1';

/** Text with the characters in it named that cannot be seen. */
function Visible({ text }: { text: string }) {
  return stretchesOf(text).map(({ text: part, name }, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: stretches repeat; the list never changes its order
    <Fragment key={i}>
      {name === null ? (
        part
      ) : (
        <span className="mx-0.5 inline-block rounded border border-warn px-1 align-[0.1em] font-mono text-xs text-warn">
          {name}
        </span>
      )}
    </Fragment>
  ));
}

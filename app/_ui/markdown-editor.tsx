'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Language } from '#lib/messages/language.ts';
import { Button } from './button.tsx';
import { TextArea } from './field.tsx';
import { useDraft } from './use-draft.ts';

export type PreviewAnswer = { status: 'shown'; markup: ReactNode } | { status: 'refused'; sentence: string };
type TextName = Language | 'preview' | 'empty' | 'unreachable' | 'restored' | 'discard' | 'sample' | 'sampleHint';
export type EditorTexts = Record<TextName, string>;

/** `saved` is what the server has, `markup` how that looks; `sample` is offered where nothing is written yet. */
export type EditedText = { name: string; label: string; saved: string; markup: ReactNode; sample?: string | undefined };

type Props = {
  legend: string;
  /** Names the text among all drafts of the site. */
  draft: string;
  versions: Record<Language, EditedText>;
  /** Shown first; where that is empty and the other is not, the other. */
  language: Language;
  texts: EditorTexts;
  preview: (text: string) => Promise<PreviewAnswer>;
  rows: number;
  maxLength?: number;
};

const languages = ['ru', 'en'] as const;

/**
 * A Markdown text in both languages, each beside what readers will see, made by the renderer of their page. Without JavaScript both
 * fields stand below each other.
 */
export function MarkdownEditor({ legend, versions, language, texts, ...editor }: Props) {
  const [shown, setShown] = useState<Language | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it starts; from there on the reader leads
  useEffect(() => setShown(startIn(language, versions)), []);
  return (
    <fieldset>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <legend className="float-left font-semibold">{legend}</legend>
        {shown !== null &&
          languages.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={shown === each}
              onClick={() => setShown(each)}
              className="min-h-9 rounded-md px-2 text-soft hover:text-accent aria-pressed:font-semibold aria-pressed:text-ink aria-pressed:underline aria-pressed:underline-offset-8"
            >
              {texts[each]}
            </button>
          ))}
      </div>
      {languages.map((each) => (
        <div key={each} hidden={shown !== null && shown !== each}>
          <Version edited={versions[each]} lang={each} texts={texts} {...editor} />
        </div>
      ))}
    </fieldset>
  );
}

function startIn(language: Language, versions: Props['versions']): Language {
  const other = language === 'ru' ? 'en' : 'ru';
  return versions[language].saved === '' && versions[other].saved !== '' ? other : language;
}

type VersionProps = Pick<Props, 'draft' | 'texts' | 'preview' | 'rows' | 'maxLength'> & {
  edited: EditedText;
  lang: Language;
};

function Version({ edited, lang, texts, preview, draft, rows, maxLength }: VersionProps) {
  const { name, label, saved, markup, sample } = edited;
  const { text, isRestored, change, discard } = useDraft(`${draft}:${name}`, saved);
  const seen = usePreview(text, { saved, markup }, preview);
  return (
    <div className="grid gap-x-6 gap-y-4 lg:grid-cols-2">
      <div>
        <TextArea
          name={name}
          label={label}
          lang={lang}
          rows={rows}
          {...(maxLength === undefined ? {} : { maxLength })}
          value={text}
          onChange={({ target }) => change(target.value)}
          className="max-w-none"
        />
        {sample !== undefined && text === '' && (
          <p className="screen-only mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
            <Button look="secondary" size="small" onClick={() => change(sample)}>
              {texts.sample}
            </Button>
            {texts.sampleHint}
          </p>
        )}
        {isRestored && (
          <p role="status" className="mt-2 flex flex-wrap items-center gap-3 text-sm">
            {texts.restored}
            <Button look="secondary" size="small" onClick={discard}>
              {texts.discard}
            </Button>
          </p>
        )}
      </div>
      <section aria-label={`${texts.preview}: ${label}`} className="min-w-0">
        <p className="mb-1.5 text-sm text-soft">{seen === 'unreachable' ? texts.unreachable : texts.preview}</p>
        <div lang={lang} className="min-h-24 overflow-x-auto rounded-lg border border-rule px-4 py-3">
          {text.trim() === '' ? <p className="text-soft">{texts.empty}</p> : seen === 'unreachable' ? null : seen}
        </div>
      </section>
    </div>
  );
}

/** Typing pauses before the server is asked. */
const pauseMs = 350;

/** How the text looks, or that the server cannot say. Of answers that overtake each other the last question's stays. */
function usePreview(
  text: string,
  { saved, markup }: Pick<EditedText, 'saved' | 'markup'>,
  preview: Props['preview'],
): ReactNode | 'unreachable' {
  const [seen, setSeen] = useState<{ of: string; markup: ReactNode }>({ of: saved, markup });
  const last = useRef(text);
  last.current = text;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the action is another object at every rendering
  useEffect(() => {
    if (text === seen.of) return;
    const timer = setTimeout(async () => {
      const answer = await preview(text).catch(() => null);
      if (last.current !== text) return;
      setSeen({ of: text, markup: answer?.status === 'shown' ? answer.markup : 'unreachable' });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return text === saved ? markup : seen.markup;
}

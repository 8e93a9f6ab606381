import type { Translate } from '#lib/messages/translate.ts';
import { Markdown } from '#ui/markdown.tsx';
import type { EditedText, EditorTexts } from '#ui/markdown-editor.tsx';

/** A text for `MarkdownEditor` with what readers see of it now. */
export function editedText(name: string, label: string, saved: string, sample?: string): EditedText {
  return { name, label, saved, markup: <Markdown>{saved}</Markdown>, sample };
}

export function editorTexts(t: Translate): EditorTexts {
  return {
    ru: t('console.in-russian'),
    en: t('console.in-english'),
    preview: t('console.preview'),
    empty: t('console.preview-empty'),
    unreachable: t('console.preview-unreachable'),
    restored: t('console.draft-restored'),
    discard: t('console.draft-discard'),
    sample: t('console.sample'),
    sampleHint: t('console.sample-hint'),
  };
}

'use server';

import { requireOrganiser } from '#lib/auth.ts';
import { Markdown } from '#ui/markdown.tsx';
import type { PreviewAnswer } from '#ui/markdown-editor.tsx';
import { refusable } from '../../refusal.ts';

const longestText = 100_000;

/** A text as its readers will see it, by the renderer of their page: the parser itself never travels to the browser. */
export async function previewText(slug: string, text: string): Promise<PreviewAnswer> {
  return refusable(async () => {
    await requireOrganiser(slug);
    return { status: 'shown' as const, markup: <Markdown>{String(text).slice(0, longestText)}</Markdown> };
  });
}

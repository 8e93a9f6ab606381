import type { Translate } from '#lib/messages/translate.ts';

/** What writes a report: the reader's language, and texts of the user made harmless. */
export type Text = { readonly t: Translate; escaped(value: string): string };

import { refresh } from 'next/cache';
import type { ActionAnswer } from '#ui/action-form.tsx';
import { pageLanguage } from '../../language.ts';

/** What an action answers that has written a setting: the page is read anew, and says so. */
export async function saved(): Promise<ActionAnswer> {
  refresh();
  return { status: 'done', sentence: (await pageLanguage()).t('organise.saved') };
}

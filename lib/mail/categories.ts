/** What a mail is about, as far as people may choose to read it. */
export const optionalCategories = ['receipts', 'phases', 'reminders', 'announcements', 'answers', 'results'] as const;
export type OptionalCategory = (typeof optionalCategories)[number];

/**
 * `account`: links that prove, open or protect an account, and invitations; `decisions`: what organisers decided about a team or a
 * person. Nobody can refuse these two.
 */
export type MailCategory = OptionalCategory | 'account' | 'decisions';

export function isOptional(category: string): category is OptionalCategory {
  return (optionalCategories as readonly string[]).includes(category);
}

import { mailLinkMinutes } from '#lib/db/mail-links.ts';
import { domainList } from '#lib/identity/email-domains.ts';
import type { Registration } from '#lib/identity/registration.ts';
import type { Language } from '#lib/messages/language.ts';
import { type MessageKey, translator } from '#lib/messages/translate.ts';

export type MailText = { subject: string; text: string; html: string };
export type LinkMailKind = 'sign-up' | 'already-registered' | 'sign-in' | 'password' | 'no-account';

/** A mail around one link that opens an account. It holds no text that a stranger could have typed. */
export function linkMail(kind: LinkMailKind, language: Language, url: string): MailText {
  const t = translator(language);
  const say = (part: 'subject' | 'text' | 'link') => t(`mail.${kind}-${part}` satisfies MessageKey);
  const note = t('mail.link-note', { minutes: mailLinkMinutes });
  return composeMail(language, say('subject'), [say('text'), { label: say('link'), url }, note]);
}

/** To an address that no account may be made with. It is written to as any other, so that a form tells nobody who has an account. */
export function notAdmittedMail(registration: Registration, language: Language): MailText {
  const t = translator(language);
  const why =
    registration.who === 'domains'
      ? t('ways.mail-not-admitted-why-domains', { domains: domainList(registration.domains) })
      : t('ways.mail-not-admitted-why-invited');
  return composeMail(language, t('ways.mail-not-admitted-subject'), [t('ways.mail-not-admitted-text'), why]);
}

/** Tells the owner of an account that its password is another one now. */
export function passwordChangedMail(language: Language, resetUrl: string): MailText {
  const t = translator(language);
  return composeMail(language, t('mail.password-changed-subject'), [
    t('mail.password-changed-text'),
    t('mail.password-changed-note'),
    { label: t('mail.password-changed-link'), url: resetUrl },
  ]);
}

/** The same paragraphs as plain text and as the simplest HTML: no pictures, nothing loaded from anywhere. */
export function composeMail(
  language: Language,
  subject: string,
  paragraphs: readonly (string | { label: string; url: string })[],
): MailText {
  const text = paragraphs.map((part) => (typeof part === 'string' ? part : `${part.label}:\n${part.url}`));
  const html = paragraphs.map((part) =>
    typeof part === 'string'
      ? `<p>${escapeHtml(part)}</p>`
      : `<p><a href="${escapeHtml(part.url)}">${escapeHtml(part.label)}</a><br><small>${escapeHtml(part.url)}</small></p>`,
  );
  return {
    subject: `Rostrum: ${subject}`,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><body style="font: 16px/1.5 sans-serif; max-width: 36em">${html.join('')}</body></html>`,
  };
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

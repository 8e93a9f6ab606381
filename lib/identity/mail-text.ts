import { mailLinkMinutes } from '#lib/db/mail-links.ts';
import { domainList } from '#lib/identity/email-domains.ts';
import type { Registration } from '#lib/identity/registration.ts';
import { markdownForMail, type ShownAt } from '#lib/mail/markdown.ts';
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
  const why = whyNotAdmitted(registration, language);
  return composeMail(language, t('ways.mail-not-admitted-subject'), [t('ways.mail-not-admitted-text'), why]);
}

/** Which addresses accounts are for. */
export function whyNotAdmitted(registration: Registration, language: Language): string {
  const t = translator(language);
  return registration.who === 'domains'
    ? t('ways.mail-not-admitted-why-domains', { domains: domainList(registration.domains) })
    : t('ways.mail-not-admitted-why-invited');
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

/** A paragraph, text of an organiser in Markdown, or a link with a line of its own. A line break within a paragraph stays one. */
export type MailPart = string | { markdown: string; shownAt: ShownAt } | { label: string; url: string };

/**
 * What a mail says, as plain text and as HTML without its frame (lib/mail/frame.ts), which is put on when it is sent. The first link
 * is a button: what there is to do.
 */
export function composeMail(language: Language, subject: string, parts: readonly MailPart[]): MailText {
  const button = parts.find(isLink);
  const said = parts.map((part) => {
    if (typeof part === 'string')
      return { text: part, html: paragraph(escapeHtml(part.trim()).replace(/\n/g, '<br>')) };
    if (!isLink(part)) return { text: part.markdown, html: markdownForMail(part.markdown, part.shownAt) };
    const html = part === button ? buttonOf(part, language) : paragraph(linkTo(part.url, part.label));
    return { text: `${part.label}:\n${part.url}`, html };
  });
  const written = said.map(({ text, html }) => ({ text: text.trim(), html })).filter(({ text }) => text !== '');
  return {
    subject: `Rostrum: ${subject}`,
    text: `${written.map(({ text }) => text).join('\n\n')}\n`,
    html: written.map(({ html }) => html).join('\n'),
  };
}

function isLink(part: MailPart): part is { label: string; url: string } {
  return typeof part !== 'string' && 'url' in part;
}

function paragraph(html: string): string {
  return `<p style="margin:0 0 16px">${html}</p>`;
}

function linkTo(url: string, label: string): string {
  return `<a class="link" href="${escapeHtml(url)}" style="color:#1b54e6">${escapeHtml(label)}</a>`;
}

/** A table, as some programs give no link a size; below it the address, for who would rather copy it or see where it leads. */
function buttonOf({ label, url }: { label: string; url: string }, language: Language): string {
  const look =
    'display:inline-block;padding:12px 22px;background-color:#1b54e6;border-radius:8px;color:#ffffff;font-weight:600;text-decoration:none';
  const button = `<a class="button" href="${escapeHtml(url)}" style="${look}">${escapeHtml(label)}</a>`;
  const address = `<a class="soft" href="${escapeHtml(url)}" style="color:#565c67">${escapeHtml(url)}</a>`;
  const small = 'margin:0 0 16px;font-size:13px;color:#565c67;word-break:break-all';
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:6px 0 12px"><tr><td>${button}</td></tr></table>
<p class="soft" style="${small}">${escapeHtml(translator(language)('mail.or-address'))} ${address}</p>`;
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

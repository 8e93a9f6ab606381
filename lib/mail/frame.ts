import { escapeHtml } from '#lib/identity/mail-text.ts';
import type { MailCategory } from '#lib/mail/categories.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';

/*
 * The frame around what a mail says: one column that every mail program can draw, without pictures, scripts or anything from elsewhere.
 * Styles stand in the elements, as programs drop sheets; the sheet only darkens them where a program knows how.
 */

type Framed = { language: Language; category: MailCategory; subject: string; text: string; html: string };
/** `unsubscribe`: the page that ends this kind of mail; null where it cannot be refused. */
type Place = { site: string; unsubscribe: string | null };

/** The whole mail, as text and as an HTML document. */
export function frameMail(mail: Framed, { site, unsubscribe }: Place): { text: string; html: string } {
  const t = translator(mail.language);
  const why = t(`mail.why-${mail.category}`, { site: new URL(site).host });
  const links = [
    ...(unsubscribe === null ? [] : [{ label: t('mail.unsubscribe'), url: unsubscribe }]),
    ...(mail.category === 'account' ? [] : [{ label: t('mail.settings'), url: `${site}/account#mails` }]),
  ];
  const text = [mail.text.trimEnd(), '-- ', why, ...links.map(({ label, url }) => `${label}: ${url}`)];
  return { text: `${text[0]}\n\n${text.slice(1).join('\n')}\n`, html: documentOf(mail, site, why, links) };
}

const colours = {
  light: { paper: '#fbfaf7', raised: '#ffffff', ink: '#16181d', soft: '#565c67', rule: '#e3dfd6', accent: '#1b54e6' },
  dark: { paper: '#0e1116', raised: '#151a21', ink: '#eef0f3', soft: '#a0a8b6', rule: '#262d37', accent: '#8aabff' },
};
const fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Arial,sans-serif";
const previewLength = 140;
/** Keeps programs from showing the start of the text after a short preview. */
const padding = '&#847;&zwnj;&nbsp;'.repeat(40);

function documentOf(mail: Framed, site: string, why: string, links: readonly { label: string; url: string }[]): string {
  const { light } = colours;
  const preview = [...(mail.text.split('\n\n')[0] ?? '')].slice(0, previewLength).join('');
  const footer = links.map(
    ({ label, url }) =>
      `<a class="soft" href="${escapeHtml(url)}" style="color:${light.soft};text-decoration:underline">${escapeHtml(label)}</a>`,
  );
  const small = `font:13px/1.5 ${fonts};color:${light.soft}`;
  return `<!doctype html>
<html lang="${mail.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(mail.subject)}</title>
<style>${sheet()}</style>
</head>
<body class="paper" style="margin:0;padding:0;background-color:${light.paper}">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(preview)}${padding}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:${light.paper}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td style="padding:0 4px 14px"><a class="ink" href="${escapeHtml(site)}" style="font:700 17px/1.4 ${fonts};color:${light.ink};text-decoration:none">Rostrum</a></td></tr>
<tr><td class="raised ink" style="padding:26px 24px 10px;background-color:${light.raised};border:1px solid ${light.rule};border-radius:10px;font:16px/1.55 ${fonts};color:${light.ink};word-break:break-word;overflow-wrap:anywhere">
${mail.html}
</td></tr>
<tr><td class="soft" style="padding:16px 4px 0;${small}">${escapeHtml(why)}${footer.length > 0 ? `<br>${footer.join(' · ')}` : ''}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** Inline styles win without `!important`. */
function sheet(): string {
  const { dark } = colours;
  const rules = [
    `.paper{background-color:${dark.paper}!important}`,
    `.raised{background-color:${dark.raised}!important;border-color:${dark.rule}!important}`,
    `.ink{color:${dark.ink}!important}`,
    `.soft{color:${dark.soft}!important}`,
    `.link{color:${dark.accent}!important}`,
    `.button{background-color:${dark.accent}!important;color:${dark.paper}!important}`,
  ];
  return `:root{color-scheme:light dark}@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

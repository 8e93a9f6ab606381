import { mailLinkMinutes, recoveryDays } from '#lib/db/mail-links.ts';
import { composeMail, type MailText, whyNotAdmitted } from '#lib/identity/mail-text.ts';
import type { Registration } from '#lib/identity/registration.ts';
import type { Language } from '#lib/messages/language.ts';
import { translator } from '#lib/messages/translate.ts';

/* What mailboxes are told when an account changes its address. None holds a text that a stranger could have typed. */

/** To the new address. */
export function newAddressMail(language: Language, url: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-new-subject'), [
    t('address.mail-new-text'),
    { label: t('address.mail-new-link'), url },
    t('mail.link-note', { minutes: mailLinkMinutes }),
  ]);
}

/** To the owner of an account that has the address already. */
export function takenAddressMail(language: Language, site: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-taken-subject'), [
    t('address.mail-taken-text'),
    t('address.mail-taken-do'),
    { label: t('address.mail-taken-link'), url: `${site}/account` },
  ]);
}

/** To an address with which there may be no account. */
export function addressNotAdmittedMail(language: Language, registration: Registration): MailText {
  const t = translator(language);
  const why = whyNotAdmitted(registration, language);
  return composeMail(language, t('address.mail-not-admitted-subject'), [t('address.mail-not-admitted-text'), why]);
}

/** To the present address, while nothing has changed yet. */
export function addressAskedMail(language: Language, site: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-asked-subject'), [
    t('address.mail-asked-text'),
    t('address.mail-asked-note'),
    { label: t('address.mail-asked-reset'), url: `${site}/reset` },
    { label: t('address.mail-asked-account'), url: `${site}/account` },
  ]);
}

/** To the address that was, with the link that takes the account back. */
export function addressChangedMail(language: Language, email: string, url: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-changed-subject'), [
    t('address.mail-changed-text', { email }),
    t('address.mail-changed-note', { days: recoveryDays }),
    { label: t('address.mail-changed-link'), url },
  ]);
}

/** To an address that the account was taken back from. */
export function addressLostMail(language: Language, email: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-lost-subject'), [
    t('address.mail-lost-text', { email }),
    t('address.mail-lost-note'),
  ]);
}

/** To a mailbox that whoever runs the installation hands the account to. */
export function recoveryMail(language: Language, url: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-recovery-subject'), [
    t('address.mail-recovery-text'),
    { label: t('address.mail-recovery-link'), url },
    t('address.mail-recovery-note', { days: recoveryDays }),
  ]);
}

/** To the address that the account has until then. */
export function recoveryOfferedMail(language: Language, email: string): MailText {
  const t = translator(language);
  return composeMail(language, t('address.mail-offered-subject'), [
    t('address.mail-offered-text', { email }),
    t('address.mail-lost-note'),
  ]);
}

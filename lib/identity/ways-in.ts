import type { Connection } from '#lib/db/client.ts';
import {
  createIdentity,
  deleteIdentity,
  findUserByIdentity,
  type Identity,
  listIdentities,
} from '#lib/db/identities.ts';
import { createMail } from '#lib/db/mails.ts';
import { lockAccount, type User } from '#lib/db/users.ts';
import { RefusedError } from '#lib/errors.ts';
import { composeMail } from '#lib/identity/mail-text.ts';
import { translator } from '#lib/messages/translate.ts';

/*
 * The outside services that open an account, as its owner connects and disconnects them. Each change is written to the owner, so that
 * somebody who sat down at an open browser leaves a trace outside of it.
 */

/** An outside identity with the name of its service; `site` is the installation's public origin. */
export type NamedIdentity = Identity & { providerName: string; site: string };

/** Refuses 'identity-taken' where it opens another account. One that is connected already stays so. */
export async function connectIdentity(db: Connection, userId: string, identity: NamedIdentity): Promise<void> {
  await db.transaction(async (tx) => {
    const account = await lockAccount(tx, userId);
    if (await createIdentity(tx, userId, identity)) {
      await mailAboutIdentity(tx, account, 'connected', identity.providerName, identity.site);
      return;
    }
    const owner = await findUserByIdentity(tx, identity);
    if (owner?.id !== userId) throw new RefusedError('identity-taken', 409, { provider: identity.providerName });
  });
}

/**
 * Disconnects a service; one that is not connected is left alone. Refuses 'last-way-in' where neither a password nor another service
 * of `configured` (their keys) would be left: a mailbox alone may be gone on the day it is needed.
 */
export async function disconnectIdentity(
  db: Connection,
  userId: string,
  identity: NamedIdentity,
  configured: readonly string[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const account = await lockAccount(tx, userId);
    const others = (await listIdentities(tx, userId)).filter(
      ({ provider, subject }) => provider !== identity.provider || subject !== identity.subject,
    );
    const isLast = account.passwordHash === null && !others.some(({ provider }) => configured.includes(provider));
    if (isLast) throw new RefusedError('last-way-in', 409, { provider: identity.providerName });
    if (!(await deleteIdentity(tx, userId, identity))) return;
    await mailAboutIdentity(tx, account, 'disconnected', identity.providerName, identity.site);
  });
}

/** Disconnects every service. For who takes an account back: what somebody else connected opens it no more. */
export async function disconnectAll(tx: Connection, userId: string): Promise<void> {
  for (const identity of await listIdentities(tx, userId)) await deleteIdentity(tx, userId, identity);
}

export async function mailAboutIdentity(
  tx: Connection,
  { email, language }: User,
  news: 'connected' | 'disconnected',
  provider: string,
  site: string,
): Promise<void> {
  const t = translator(language);
  const mail = composeMail(language, t(`ways.mail-${news}-subject`, { provider }), [
    t(`ways.mail-${news}-text`, { provider, email }),
    t('ways.mail-note'),
    { label: t('ways.mail-account'), url: `${site}/account` },
    { label: t('ways.mail-reset'), url: `${site}/reset` },
  ]);
  await createMail(tx, { recipient: email, language, ...mail });
}

import type { Metadata } from 'next';
import Link from 'next/link';
import { getPlan } from '#lib/db/defence.ts';
import { type EveningLink, listEveningLinks } from '#lib/db/evening-links.ts';
import { startOfDefence } from '#lib/db/talks.ts';
import { webDatabase } from '#lib/db/web.ts';
import { nextLocalDay, toLocalInput } from '#lib/time.ts';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Field, Select } from '#ui/field.tsx';
import { LinkMaker } from '#ui/link-maker.tsx';
import { PageTitle } from '#ui/page-title.tsx';
import { Panel } from '#ui/panel.tsx';
import { pageLanguage } from '../../../../language.ts';
import { type Desk, desk } from '../../desk.ts';
import { makeLink, revokeLink } from './actions.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await pageLanguage()).t('defence.links') };
}

/** Links for people without an account, for one evening: who got which, and until when it opens. */
export default async function LinksPage({ params }: Props) {
  const d = await desk((await params).slug);
  const { t, slug, competition } = d;
  const links = await listEveningLinks(webDatabase(), competition.id);
  return (
    <>
      <p className="mb-3">
        <Link href={`/organise/${slug}/defence`} prefetch={false} className="link">
          ← {t('defence.title')}
        </Link>
      </p>
      <PageTitle lead={t('defence.links-lead')}>{t('defence.links')}</PageTitle>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <MakeLink desk={d} />
        {links.length === 0 ? (
          <EmptyState title={t('defence.links-none')} />
        ) : (
          <Panel title={t('defence.links-given')}>
            <ul className="divide-y divide-rule">
              {links.map((link) => (
                <Given key={link.id} desk={d} link={link} />
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </>
  );
}

async function MakeLink({ desk: { t, slug, competition, now } }: { desk: Desk }) {
  const startsAt = startOfDefence(competition, await getPlan(webDatabase(), competition.id));
  // Until the end of the evening, be the link made on it or before.
  const evening = startsAt !== null && startsAt > now ? startsAt : now;
  const texts = {
    make: t('defence.link-make'),
    making: t('defence.saving'),
    made: t('defence.link-made'),
    link: t('defence.link'),
    copy: t('common.copy'),
    copied: t('common.copied'),
    scan: t('defence.link-scan'),
  };
  const roles = (['juror', 'stage'] as const).map((value) => ({ value, label: t(`defence.link-${value}`) }));
  return (
    <Panel title={t('defence.link-new')}>
      <LinkMaker action={makeLink.bind(null, slug)} texts={texts}>
        <Field
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          label={t('defence.link-name')}
          hint={t('defence.link-name-hint')}
        />
        <Select name="role" options={roles} label={t('defence.link-role')} />
        <Field
          type="datetime-local"
          name="expiresAt"
          required
          label={t('defence.link-expires')}
          hint={t('defence.link-expires-hint', { zone: competition.timeZone })}
          defaultValue={toLocalInput(nextLocalDay(evening, competition.timeZone), competition.timeZone)}
        />
      </LinkMaker>
    </Panel>
  );
}

function Given({ desk: { t, slug, now, print }, link }: { desk: Desk; link: EveningLink }) {
  const { id, name, role, expiresAt, revokedAt, openedAt } = link;
  const isOpen = revokedAt === null && expiresAt > now;
  const state = revokedAt
    ? t('defence.link-revoked')
    : t(isOpen ? 'defence.link-until' : 'defence.link-expired', { at: print(expiresAt) });
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div className="min-w-0">
        <p className="font-medium">
          {name} <Chip>{t(`defence.link-${role}`)}</Chip>
        </p>
        <p className="text-sm text-soft">
          {state} · {openedAt ? t('defence.link-opened', { at: print(openedAt) }) : t('defence.link-unopened')}
        </p>
      </div>
      {isOpen && (
        <ConfirmForm
          action={revokeLink.bind(null, slug)}
          look="danger"
          size="small"
          trigger={t('defence.link-revoke')}
          label={`${t('defence.link-revoke')}: ${name}`}
          title={t('defence.link-revoke-title', { name })}
          confirm={t('defence.link-revoke')}
          pending={t('defence.saving')}
          cancel={t('common.cancel')}
        >
          <input type="hidden" name="link" value={id} />
          <p>{t('defence.link-revoke-text')}</p>
        </ConfirmForm>
      )}
    </li>
  );
}

import Link from 'next/link';
import type { User } from '#lib/auth.ts';
import { isOpen, windows } from '#lib/competition.ts';
import { listAgreements } from '#lib/db/adjustments.ts';
import { listMembers, type Member, type Team } from '#lib/db/teams.ts';
import { webDatabase } from '#lib/db/web.ts';
import { longestTeamName, shortestTeamName } from '#lib/team-name.ts';
import { ActionForm } from '#ui/action-form.tsx';
import { agreementText } from '#ui/agreement-text.ts';
import { Chip } from '#ui/chip.tsx';
import { ConfirmForm } from '#ui/confirm-form.tsx';
import { Panel } from '#ui/panel.tsx';
import { SubmitButton } from '#ui/submit-button.tsx';
import { Until } from '../until.tsx';
import type { Visit } from '../visit.ts';
import { handOver, leave, remove, rename } from './actions.ts';
import { FirstFile } from './first-file.tsx';
import { Invites } from './invites.tsx';
import { NameField } from './name-field.tsx';
import { nameProblems } from './name-problems.ts';

type Props = { visit: Visit; team: Team; user: User };

/** The team as its members see it; the captain sees the controls too. */
export async function OwnTeam({ visit, team, user }: Props) {
  const { t, competition } = visit;
  const members = await listMembers(webDatabase(), team);
  const open = isOpen(windows(competition).teamChanges, visit.now);
  const isCaptain = team.captainId === user.id;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
      <Panel
        title={team.name}
        aside={t('team.member-count', { count: members.length, size: competition.teamSize })}
        className="min-w-0"
      >
        <Lock visit={visit} open={open} />
        <ul aria-label={t('team.members')} className="mt-4 divide-y divide-rule">
          {members.map((member) => (
            <MemberRow key={member.id} visit={visit} member={member} viewer={{ user, isCaptain, open }} />
          ))}
        </ul>
        {open && <Leave visit={visit} team={team} user={user} members={members} />}
      </Panel>
      <div className="min-w-0 space-y-5">
        <FirstFile visit={visit} team={team} />
        <Agreements visit={visit} team={team} />
        <Invites visit={visit} team={team} members={members} isCaptain={isCaptain} open={open} />
        {isCaptain && open && <Rename visit={visit} team={team} />}
        <Panel title={t('talk.title')}>
          <p>
            <Link href={`/c/${visit.slug}/team/talk`} prefetch={false} className="link">
              {t('talk.prepare')}
            </Link>
          </p>
        </Panel>
        <Panel title={t('eligibility.card-title')}>
          <p>
            <Link href={`/c/${visit.slug}/team/method`} prefetch={false} className="link">
              {t('finals.mail-card-link')}
            </Link>
          </p>
        </Panel>
      </div>
    </div>
  );
}

/** What the organisers agreed with this team beside the rules for all. */
async function Agreements({ visit: { t, formats, competition }, team }: { visit: Visit; team: Team }) {
  const agreements = await listAgreements(webDatabase(), team.id);
  if (agreements.length === 0) return null;
  const print = (at: Date) => formats.instant(at, competition.timeZone);
  return (
    <Panel title={t('people.own-agreements')}>
      <ul className="space-y-3">
        {agreements.map(({ id, agreed, reason }) => (
          <li key={id}>
            {agreementText(t, print, agreed)}
            <p className="text-sm text-soft">{t('people.mail-reason', { reason })}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Lock({ visit, open }: { visit: Visit; open: boolean }) {
  const { t, formats, competition: c, now } = visit;
  const start = formats.instant(c.teamChangesStartAt, c.timeZone);
  const end = formats.instant(c.teamChangesEndAt, c.timeZone);
  if (now < c.teamChangesStartAt) return <p className="text-soft">{t('team.not-open-yet', { start })}</p>;
  if (!open) return <p className="text-soft">{t('team.locked', { end })}</p>;
  return (
    <p className="text-soft">
      {t('team.lock', { end })} · {t('team.lock-left')} <Until visit={visit} at={c.teamChangesEndAt} />
    </p>
  );
}

type Viewer = { user: User; isCaptain: boolean; open: boolean };

function MemberRow({ visit: { t, formats, competition, slug }, member, viewer }: MemberRowProps) {
  const { name, id } = member;
  const texts = { cancel: t('common.cancel'), pending: t('team.working') };
  const isOther = id !== viewer.user.id;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <div className="min-w-0">
        <span className="font-medium">{name}</span> {member.isCaptain && <Chip look="accent">{t('team.captain')}</Chip>}{' '}
        {!isOther && <Chip>{t('team.you')}</Chip>}
        <p className="text-sm text-soft">
          {t('team.member-since', { at: formats.shortInstant(member.joinedAt, competition.timeZone) })}
        </p>
      </div>
      {viewer.isCaptain && isOther && (
        <div className="flex flex-wrap gap-2">
          <ConfirmForm
            {...texts}
            action={handOver.bind(null, slug)}
            size="small"
            trigger={t('team.hand-over')}
            label={`${t('team.hand-over')}: ${name}`}
            title={t('team.hand-over-title')}
            confirm={t('team.hand-over-confirm')}
          >
            <input type="hidden" name="member" value={id} />
            <p>{t('team.hand-over-text', { name })}</p>
          </ConfirmForm>
          {viewer.open && (
            <ConfirmForm
              {...texts}
              action={remove.bind(null, slug)}
              look="danger"
              size="small"
              trigger={t('team.remove')}
              label={`${t('team.remove')}: ${name}`}
              title={t('team.remove-title')}
              confirm={t('team.remove-confirm')}
            >
              <input type="hidden" name="member" value={id} />
              <p>{t('team.remove-text', { name })}</p>
            </ConfirmForm>
          )}
        </div>
      )}
    </li>
  );
}
type MemberRowProps = { visit: Visit; member: Member; viewer: Viewer };

function Leave({ visit: { t, formats, competition, slug }, team, user, members }: Props & { members: Member[] }) {
  const others = members.filter((member) => member.id !== user.id);
  const successor = team.captainId === user.id ? others[0] : undefined;
  const end = formats.instant(competition.teamChangesEndAt, competition.timeZone);
  return (
    <div className="mt-4 border-t border-rule pt-5">
      <ConfirmForm
        action={leave.bind(null, slug)}
        look="danger"
        trigger={t('team.leave')}
        title={t('team.leave-title', { team: team.name })}
        confirm={t('team.leave-confirm')}
        pending={t('team.working')}
        cancel={t('common.cancel')}
      >
        <ul className="list-disc space-y-2 pl-5">
          {others.length === 0 && <li>{t('team.leave-last')}</li>}
          {successor && <li>{t('team.leave-successor', { name: successor.name })}</li>}
          {others.length > 0 && <li>{t('team.leave-keeps')}</li>}
          <li>{t('team.leave-attempts')}</li>
          {others.length > 0 && <li>{t('team.leave-return', { end })}</li>}
        </ul>
      </ConfirmForm>
    </div>
  );
}

function Rename({ visit: { t, slug }, team }: { visit: Visit; team: Team }) {
  return (
    <Panel title={t('team.rename-title')}>
      <ActionForm action={rename.bind(null, slug)}>
        <NameField
          label={t('team.name')}
          hint={t('team.name-hint', { shortest: shortestTeamName, longest: longestTeamName })}
          problems={nameProblems(t)}
          defaultValue={team.name}
        />
        <SubmitButton look="secondary" className="mt-4" pending={t('team.renaming')}>
          {t('team.rename')}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

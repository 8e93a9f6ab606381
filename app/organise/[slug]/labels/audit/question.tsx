import type { AuditItem, AuditState, AuditSystem, Strength } from '#lib/label-audit.ts';
import { Chip, type ChipLook } from '#ui/chip.tsx';
import { Text } from '../label-text.tsx';
import { AnswerForm } from './answer-form.tsx';
import type { AuditPlace } from './audit-place.ts';
import { Steps } from './steps.tsx';

type Props = { place: AuditPlace; item: AuditItem; systems: AuditState['systems']; onAnswered: () => void };

/** One utterance in question: to be heard, compared, and answered. */
export function Question({ place, item, systems, onAnswered }: Props) {
  const { t, say, slug, formats, print } = place;
  const { id, seconds, label, evidence, flags, dismissal, state } = item;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: j and k walk from one to the next
    <li data-question tabIndex={0} aria-label={say('question', { id })} className="space-y-3 py-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="break-all font-mono text-sm">{id}</span>
        {seconds !== null && <span className="text-sm text-soft">{formats.seconds(seconds)}</span>}
        {evidence !== null && <Chip look={looks[evidence.strength]}>{say(`strength-${evidence.strength}`)}</Chip>}
        {flags.length > 0 && <Chip look="accent">{say('flags', { count: flags.length })}</Chip>}
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: its text stands below */}
      <audio
        controls
        preload="none"
        aria-label={t('recording', { id })}
        src={`/organise/${slug}/desk/labels/recording?${new URLSearchParams({ id })}`}
        className="h-10 w-full max-w-md"
      />
      {evidence === null || state === 'changed' ? (
        <Text place={place} label={label} />
      ) : (
        <>
          <Steps say={say} steps={evidence.steps} label={say('label-and-consensus')} />
          {label.alternatives.length > 0 && <Text place={place} label={label} />}
        </>
      )}
      {evidence !== null && <Sayings place={place} evidence={evidence} systems={systems} />}
      <Flags place={place} flags={flags} />
      {dismissal !== null && (
        <p className="text-sm text-soft">
          {say('dismissed', { reason: dismissal.reason })}{' '}
          {t('by', { name: dismissal.by ?? t('command-line'), at: print(dismissal.at) })}
        </p>
      )}
      {state === 'changed' ? null : <AnswerForm place={place} item={item} onAnswered={onAnswered} />}
    </li>
  );
}

const looks: Record<Strength, ChipLook> = { strong: 'bad', medium: 'warn', weak: 'plain' };

type SayingsProps = { place: AuditPlace; evidence: NonNullable<AuditItem['evidence']>; systems: AuditState['systems'] };

function Sayings({ place: { say }, evidence: { sayings, consensus }, systems }: SayingsProps) {
  const agreeing = sayings.find(({ steps }) => textOf(steps) === consensus)?.systems.length ?? 0;
  return (
    <details>
      <summary className="cursor-pointer text-sm">{say('who-says', { agreeing, systems: systems.length })}</summary>
      <ul className="mt-2 space-y-3 border-l-2 border-line pl-4">
        {sayings.map(({ systems: members, steps }) => (
          <li key={members[0]}>
            <p className="text-sm text-soft">{members.map((at) => nameOf(say, systems[at])).join(', ')}</p>
            <Steps say={say} steps={steps} label={say('label-and-system')} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function textOf(steps: NonNullable<AuditItem['evidence']>['steps']): string {
  return steps.flatMap(({ hypothesis }) => hypothesis ?? []).join(' ');
}

function nameOf(say: AuditPlace['say'], system: AuditSystem | undefined): string {
  if (system?.kind === 'file') return system.name;
  return system?.team ?? say('entry', { number: system?.number ?? 0 });
}

function Flags({ place: { say, print }, flags }: { place: AuditPlace; flags: AuditItem['flags'] }) {
  if (flags.length === 0) return null;
  return (
    <ul aria-label={say('flag-notes')} className="space-y-1 border-l-2 border-accent pl-4 text-sm">
      {flags.map(({ note, at, isLookedAt }) => (
        <li key={`${at} ${note}`} className="break-words">
          <bdi>{note}</bdi>{' '}
          <span className="text-soft">
            {print(at)}
            {isLookedAt && ` · ${say('flag-looked-at')}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

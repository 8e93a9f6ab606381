import type { ListedPair, PairExamples, ShownExample } from '#lib/evidence.ts';
import { Chip } from '#ui/chip.tsx';
import { Steps } from '../labels/audit/steps.tsx';
import { DeskRefusal } from '../labels/desk-refusal.tsx';
import { useDesk } from '../labels/use-desk.ts';
import type { EvidencePlace } from './evidence-place.ts';

type Props = { place: EvidencePlace; sides: ListedPair['sides'] };

/** Recordings in which both make mistakes that nobody else makes: to be heard, with both files under the label. */
export function Examples({ place, sides }: Props) {
  const query = new URLSearchParams({ first: sides[0].teamId, second: sides[1].teamId });
  const { value, refusal } = useDesk<PairExamples>(place.slug, `/evidence/examples?${query}`, 0, null);
  if (refusal !== null) return <DeskRefusal refusal={refusal} place={place} />;
  if (value === null) return <p role="status">{place.tell('loading')}</p>;
  return (
    <ol className="mt-2 divide-y divide-rule">
      {value.items.map((example) => (
        <Example key={example.id} place={place} sides={sides} example={example} />
      ))}
    </ol>
  );
}

function Example({ place, sides, example }: Props & { example: ShownExample }) {
  const { tell, say, slug, formats } = place;
  const { id, seconds, onlyTheirs, steps } = example;
  return (
    <li className="space-y-3 py-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="break-all font-mono text-sm">{id}</span>
        {seconds !== null && <span className="text-sm text-soft">{formats.seconds(seconds)}</span>}
        <Chip>{tell('only-theirs', { count: onlyTheirs })}</Chip>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: its text stands below */}
      <audio
        controls
        preload="none"
        aria-label={tell('recording', { id })}
        src={`/organise/${slug}/desk/labels/recording?${new URLSearchParams({ id })}`}
        className="h-10 w-full max-w-md"
      />
      <div className="grid gap-4 lg:grid-cols-2">
        {sides.map(({ teamId, team }, side) => (
          <div key={teamId} className="min-w-0">
            <p className="mb-1 break-words text-sm text-soft">
              <bdi>{team}</bdi>
            </p>
            <Steps say={say} steps={steps[side]!} label={tell('label-and-team', { team })} />
          </div>
        ))}
      </div>
    </li>
  );
}

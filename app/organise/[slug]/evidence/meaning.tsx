import { Panel } from '#ui/panel.tsx';
import type { EvidencePlace } from './evidence-place.ts';

const parts = ['model', 'work', 'label', 'chance', 'nothing'] as const;

/** Before anybody reads a figure: what it says nothing of, and whom to hear. */
export function Meaning({ tell }: Pick<EvidencePlace, 'tell'>) {
  return (
    <Panel title={tell('meaning')}>
      <ul className="max-w-prose list-disc space-y-1.5 pl-5">
        {parts.map((part) => (
          <li key={part}>{tell(`meaning-${part}`)}</li>
        ))}
      </ul>
      <p className="mt-3 max-w-prose font-semibold">{tell('meaning-reply')}</p>
    </Panel>
  );
}

import type { ReactNode } from 'react';

export type Fact = { term: ReactNode; value: ReactNode; note?: ReactNode };

/** A few figures that matter, side by side: small names over large values. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4">
      {facts.map((fact, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: terms may be markup; the list never changes its order
        <div key={i} className="min-w-0">
          <dt className="text-sm text-soft">{fact.term}</dt>
          <dd className="text-lg font-semibold leading-snug">{fact.value}</dd>
          {fact.note && <dd className="text-sm text-soft">{fact.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

import { useState } from 'react';
import type { ListedPair } from '#lib/evidence.ts';
import { Button } from '#ui/button.tsx';
import { Chip } from '#ui/chip.tsx';
import { Facts } from '#ui/facts.tsx';
import { Panel } from '#ui/panel.tsx';
import type { EvidencePlace } from './evidence-place.ts';
import { Examples } from './examples.tsx';
import { NoteForm } from './note-form.tsx';

type Props = { place: EvidencePlace; pair: ListedPair };

/** Two teams: what they have in common, in words; then the texts, and what somebody makes of it. */
export function Pair({ place, pair }: Props) {
  const { tell, print } = place;
  const { sides, figures, examples, notes } = pair;
  const [isOpen, setOpen] = useState(false);
  const names = { first: sides[0].team, second: sides[1].team };
  return (
    <Panel
      as="article"
      title={<bdi className="break-words">{tell('pair', names)}</bdi>}
      aside={
        <span className="flex gap-2">
          {figures.standsOut && notes.length === 0 && <Chip look="warn">{tell('stands-out')}</Chip>}
          {notes.length > 0 && <Chip look="good">{tell('looked-at')}</Chip>}
        </span>
      }
    >
      <InWords place={place} pair={pair} />
      <Files place={place} pair={pair} />
      <details className="mt-3">
        <summary className="cursor-pointer text-sm">{tell('figures')}</summary>
        <div className="mt-3">
          <InFigures place={place} pair={pair} />
        </div>
      </details>
      <div className="mt-4">
        <Button
          look="secondary"
          size="small"
          disabled={examples === 0}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? tell('hide-examples') : tell('examples', { count: examples })}
        </Button>
      </div>
      {isOpen && <Examples place={place} sides={sides} />}
      {notes.length > 0 && (
        <ul aria-label={tell('notes')} className="mt-5 space-y-2 border-l-2 border-rule pl-4">
          {notes.map(({ note, by, at }) => (
            <li key={`${at} ${note}`} className="break-words">
              <bdi>{note}</bdi>{' '}
              <span className="text-sm text-soft">
                {tell('noted', { name: by ?? tell('command-line'), at: print(at) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <NoteForm place={place} sides={sides} />
    </Panel>
  );
}

function InWords({ place: { tell, formats }, pair: { sides, figures } }: Props) {
  const { sharedRare, onlyTheirs, expected, rare, wrongTexts, sameWrongTexts, editDistance, hasSameBytes } = figures;
  const names = { first: sides[0].team, second: sides[1].team };
  const percent = (share: number) => formats.percent(share);
  return (
    <div className="max-w-prose space-y-1.5">
      {hasSameBytes && <p className="font-semibold">{tell('same-bytes')}</p>}
      <p>
        {tell('shared', { shared: sharedRare, only: onlyTheirs })}{' '}
        {expected === null
          ? tell('expected-unknown')
          : tell('expected', { expected: formats.number(Math.round(10 * expected) / 10) })}
      </p>
      <p>{tell('own', { ...names, a: rare[0], b: rare[1] })}</p>
      {wrongTexts > 0 && (
        <p>{tell('same-wrong', { wrong: wrongTexts, share: percent(sameWrongTexts / wrongTexts) })}</p>
      )}
      <p>{tell('distance', { share: percent(editDistance) })}</p>
    </div>
  );
}

function Files({ place: { tell, slug }, pair: { sides } }: Props) {
  return (
    <ul className="mt-3 space-y-0.5 text-sm">
      {sides.map(({ team, submissionId, fileName }) => (
        <li key={submissionId}>
          <bdi>{tell('file-of', { team })}</bdi>:{' '}
          <a className="link break-all" href={`/c/${slug}/submissions/${submissionId}`}>
            {fileName || tell('unnamed')}
          </a>
        </li>
      ))}
    </ul>
  );
}

function InFigures({ place: { tell, formats }, pair: { figures } }: Props) {
  const { z, q, jaccard, sameTexts, utterances } = figures;
  const figure = (value: number | null, digits: number) =>
    value === null ? '—' : formats.number(Math.round(value * 10 ** digits) / 10 ** digits);
  return (
    <Facts
      facts={[
        { term: tell('figure-z'), value: figure(z, 1) },
        { term: tell('figure-q'), value: q !== null && q < 0.0001 ? `< ${formats.number(0.0001)}` : figure(q, 4) },
        { term: tell('figure-jaccard'), value: figure(jaccard, 3) },
        { term: tell('figure-same'), value: `${formats.number(sameTexts)} / ${formats.number(utterances)}` },
      ]}
    />
  );
}

import { useEffect, useRef, useState } from 'react';
import type { Heard } from '#scoring/baseline/browser-listener.ts';
import { type Fact, Facts } from '#ui/facts.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import { rungOf } from './listener-note.tsx';
import { SoundPicture } from './sound-picture.tsx';
import { wavOf } from './sources.ts';
import type { Texts } from './texts.ts';
import type { ListenerState } from './use-listener.ts';
import type { Named } from './use-studio.ts';
import { wordsOf } from './words.ts';

type Props = { texts: Texts; named: Named; heard: Heard; listener: ListenerState };

/** The text, what it was made of, and how long that took. */
export function Result({ texts, named, heard, listener }: Props) {
  const { t, formats } = texts;
  const audio = useRef<HTMLAudioElement>(null);
  const address = useSoundAddress(heard);
  return (
    <Panel title={t('heard')} aside={`${named.name} · ${formats.seconds(heard.seconds)}`}>
      <Transcript texts={texts} heard={heard} />
      <Comparison texts={texts} named={named} heard={heard} />
      <SoundPicture texts={texts} name={named.name} heard={heard} audio={audio} />
      {address && (
        // biome-ignore lint/a11y/useMediaCaption: its words stand above it
        <audio ref={audio} controls src={address} aria-label={t('listen')} className="mt-3 h-10 w-full" />
      )}
      <div className="mt-5">
        <Facts facts={factsOf(texts, heard, listener)} />
      </div>
      <details className="mt-5">
        <summary className="w-fit font-medium">{t('letters')}</summary>
        <Letters texts={texts} heard={heard} />
      </details>
    </Panel>
  );
}

/** Of what the model heard, to be played; gone with the page. */
function useSoundAddress({ sound }: Heard): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(wavOf(sound));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [sound]);
  return address;
}

function Transcript({ texts: { t, formats }, heard }: Pick<Props, 'texts' | 'heard'>) {
  if (heard.text === '') return <p className="text-2xl text-soft">{t('nothing-heard')}</p>;
  const words = wordsOf(heard);
  return (
    <>
      <p data-transcript="" className="text-2xl font-semibold leading-snug tracking-tight sm:text-3xl">
        {words.map(({ text, isUnsure, probability }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a text never move
          <span key={i}>
            {i > 0 && ' '}
            <span
              title={probability === null ? undefined : formats.percent(probability, 0)}
              className={isUnsure ? 'underline decoration-warn decoration-dotted decoration-2 underline-offset-4' : ''}
            >
              {text}
            </span>
          </span>
        ))}
      </p>
      {words.some(({ isUnsure }) => isUnsure) && <p className="mt-2 text-sm text-soft">{t('unsure')}</p>}
    </>
  );
}

function Comparison({ texts: { t }, named, heard }: Pick<Props, 'texts' | 'named' | 'heard'>) {
  const rows: [string, string | null][] = [
    [t('reference'), named.reference],
    [t('greedy'), heard.greedyText],
  ];
  const shown = rows.filter(([, text]) => text !== null);
  if (shown.length === 0) return null;
  return (
    <dl className="mt-4 grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {shown.map(([term, text]) => (
        <div key={term} className="min-w-0">
          <dt className="text-sm text-soft">{term}</dt>
          <dd className="break-words text-lg">{text || '—'}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ t, formats }: Texts, heard: Heard, listener: ListenerState): Fact[] {
  const speed = heard.seconds / heard.computeSeconds;
  const times = (ratio: number) => (ratio >= 10 ? Math.round(ratio) : Math.round(ratio * 10) / 10);
  const hasLanguageModel = heard.greedyText !== null;
  return [
    {
      term: t('took'),
      value: `${formats.number(heard.computeSeconds, 2)} ${t('second')}`,
      note: speed >= 1 ? t('speed', { times: times(speed) }) : t('speed-slower', { times: times(1 / speed) }),
    },
    ...(listener.status === 'ready'
      ? [
          {
            term: t('computed-on'),
            value: listener.rung === 'webgpu' ? 'WebGPU' : 'WebAssembly',
            note: listener.skipped === null ? rungOf(t, listener) : noteOf(t, listener.skipped),
          },
        ]
      : []),
    {
      term: t('decoding'),
      value: t(hasLanguageModel ? 'decoding-beam' : 'decoding-greedy'),
      note: t(hasLanguageModel ? 'decoding-beam-note' : 'decoding-greedy-note'),
    },
  ];
}

function noteOf(t: Texts['t'], skipped: string): string {
  if (skipped === 'no-adapter' || skipped === 'software-adapter' || skipped === 'wrong-answer') {
    return t(`rung-${skipped}`);
  }
  return t('rung-broken');
}

/** What the picture shows, for who reads rather than looks. */
function Letters({ texts: { t, formats }, heard: { letters } }: Pick<Props, 'texts' | 'heard'>) {
  if (letters.length === 0) return <p className="mt-2 text-soft">{t('letters-none')}</p>;
  return (
    <div className="mt-2 max-h-96 max-w-md overflow-y-auto">
      <Table
        caption={t('letters-caption')}
        columns={[
          { label: t('letters-letter') },
          { label: t('letters-time'), look: 'number' },
          { label: t('letters-probability'), look: 'number' },
        ]}
      >
        {letters.map(({ letter, startSeconds, probability }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the letters of a text never move
          <tr key={i}>
            <th scope="row">{letter === ' ' ? t('space') : letter}</th>
            <td className="number">{`${formats.number(startSeconds, 2)} ${t('second')}`}</td>
            <td className="number">{formats.percent(probability, 0)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

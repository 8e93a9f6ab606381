import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { Heard, HeardLetter } from '#scoring/baseline/browser-listener.ts';
import type { Shades } from '#scoring/lab/sound-shades.ts';
import { Spectrogram } from '#ui/spectrogram.tsx';
import { Waveform } from '#ui/waveform.tsx';
import type { Texts } from './texts.ts';
import { unsureBelow } from './words.ts';

type Props = { texts: Texts; name: string; heard: Heard; audio: RefObject<HTMLAudioElement | null> };

/** Wide enough that fourteen letters a second stand side by side. */
const pixelsPerSecond = 210;
const height = 208;
/** Between the middle of the likeliest letter and the top, and of the least likely and the bottom. */
const margin = 16;

/** Waveform, spectrogram and letters on one axis of time; what is wider than the page scrolls. */
export function SoundPicture({ texts, name, heard, audio }: Props) {
  const { t } = texts;
  const png = useMemo(() => pngOf(heard.shades), [heard]);
  return (
    <figure className="mt-5">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label={t('picture')} tabIndex={0} className="overflow-x-auto rounded-lg">
        <div className="relative w-max min-w-full">
          <svg aria-hidden="true" width={Math.ceil(heard.seconds * pixelsPerSecond)} height="0" className="block" />
          <Waveform peaks={heard.peaks} label={t('waveform', { name })} className="h-16" />
          <div className="relative mt-1.5">
            <Spectrogram png={png} label={t('spectrogram', { name })} className="h-52 opacity-80" />
            <Letters texts={texts} heard={heard} />
          </div>
          <Ticks texts={texts} seconds={heard.seconds} />
          <Playhead audio={audio} seconds={heard.seconds} />
        </div>
      </section>
      <figcaption className="mt-1 text-sm text-soft">{t('picture-hint')}</figcaption>
    </figure>
  );
}

const percent = (share: number) => `${(100 * share).toFixed(3)}%`;

/** The table below the picture says the same to who does not see it. */
function Letters({ texts, heard: { letters, seconds } }: { texts: Texts; heard: Heard }) {
  return (
    <svg aria-hidden="true" height={height} className="absolute inset-0 w-full overflow-visible">
      {letters.map((letter, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the letters of a text never move
        <Letter key={i} texts={texts} heard={letter} seconds={seconds} />
      ))}
    </svg>
  );
}

function Letter({ texts: { t, formats }, heard, seconds }: { texts: Texts; heard: HeardLetter; seconds: number }) {
  const { letter, startSeconds, endSeconds, probability } = heard;
  const y = margin + (1 - probability) * (height - 2 * margin);
  const isUnsure = probability < unsureBelow;
  const isSpace = letter === ' ';
  const title = t('letter-at', {
    letter: isSpace ? t('space') : letter,
    percent: formats.percent(probability, 0),
    seconds: `${formats.number(startSeconds, 2)} ${t('second')}`,
  });
  return (
    <svg x={percent((startSeconds + endSeconds) / 2 / seconds)} overflow="visible">
      <title>{title}</title>
      <line y1={y} y2={height} className="stroke-ink" strokeWidth="1.5" opacity={0.2 + 0.5 * probability} />
      <rect
        x={isSpace ? -4 : -9}
        y={y - (isSpace ? 4 : 12)}
        width={isSpace ? 8 : 18}
        height={isSpace ? 8 : 24}
        rx={isSpace ? 4 : 6}
        className={`fill-raised ${isUnsure ? 'stroke-warn' : 'stroke-ink'}`}
        strokeWidth={isUnsure ? 1.5 : 1}
        strokeDasharray={isUnsure ? '3 2' : undefined}
      />
      <text y={y + 5} textAnchor="middle" className="fill-ink text-[15px] font-semibold">
        {isSpace ? '' : letter}
      </text>
    </svg>
  );
}

function Ticks({ texts: { t, formats }, seconds }: { texts: Texts; seconds: number }) {
  const step = seconds < 4 ? 0.5 : 1;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
  return (
    <svg aria-hidden="true" height="22" className="block w-full overflow-visible text-soft">
      {ticks.map((at) => (
        <svg key={at} aria-hidden="true" x={percent(at / seconds)} overflow="visible">
          <line y2="5" stroke="currentColor" />
          <text y="18" textAnchor={at === 0 ? 'start' : 'middle'} fill="currentColor" className="text-[12px]">
            {at === 0 ? `0 ${t('second')}` : formats.number(at, step < 1 ? 1 : 0)}
          </text>
        </svg>
      ))}
    </svg>
  );
}

/** Where the player is. Moved by hand: sixty times a second is too often for React. */
function Playhead({ audio, seconds }: { audio: Props['audio']; seconds: number }) {
  const line = useRef<SVGLineElement>(null);
  useEffect(() => {
    let frame = 0;
    const follow = () => {
      const { currentTime = 0 } = audio.current ?? {};
      const x = percent(Math.min(1, currentTime / seconds));
      line.current?.setAttribute('x1', x);
      line.current?.setAttribute('x2', x);
      line.current?.setAttribute('visibility', currentTime > 0 ? 'visible' : 'hidden');
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [audio, seconds]);
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full text-bad">
      <line ref={line} y1="0" y2="100%" stroke="currentColor" strokeWidth="2" visibility="hidden" />
    </svg>
  );
}

/** White, as opaque as the sound is loud: what Spectrogram takes for its mask. */
function pngOf({ width, opacities }: Shades): string {
  const rows = opacities.length / width;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (context === null) return '';
  const image = context.createImageData(width, rows);
  for (const [i, opacity] of opacities.entries()) {
    image.data.fill(255, 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255 * Math.min(1, Math.max(0, opacity));
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL().replace(/^[^,]*,/, '');
}

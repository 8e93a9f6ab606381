import type { Translate } from '#lib/messages/translate.ts';
import { cardParts, type MethodCard } from '#lib/method-card.ts';

/** A method card to be read: plain texts in their lines, and a link that is a link. */
export function CardText({ t, card }: { t: Translate; card: MethodCard }) {
  return (
    <dl className="space-y-4">
      {cardParts.map((part) => (
        <div key={part} className="max-w-prose">
          <dt className="text-sm text-soft">{t(`eligibility.part-${part}`)}</dt>
          <dd className="whitespace-pre-wrap break-words">
            {part === 'codeLink' && card.codeLink !== null ? (
              <a href={card.codeLink} rel="noreferrer nofollow" className="link break-all">
                {card.codeLink}
              </a>
            ) : (
              card[part] || '—'
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

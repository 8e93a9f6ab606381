import type { Language } from '#lib/messages/language.ts';
import type { Translate } from '#lib/messages/translate.ts';

/** Everything a reveal says, as plain strings with places for values: public/reveal.js draws it where no translator is. */
export type RevealWords = ReturnType<typeof revealWords>;

export function revealWords(t: Translate, language: Language) {
  return {
    language,
    /** Of differences of rates. */
    points: language === 'ru' ? 'п.п.' : 'pp',
    standingTitle: t('reveal.standing-title'),
    standingLead: t('reveal.standing-lead'),
    place: t('reveal.place'),
    placeOf: t('reveal.place-of', { place: '{place}' }),
    winner: t('reveal.winner'),
    winners: t('reveal.winners'),
    isBaseline: t('reveal.is-baseline'),
    isGuest: t('reveal.is-guest'),
    isUnranked: t('reveal.is-unranked'),
    team: t('reveal.team'),
    privateWer: t('reveal.private-wer'),
    publicWer: t('reveal.public-wer'),
    publicShort: t('reveal.public-short'),
    privateShort: t('reveal.private-short'),
    move: t('reveal.move'),
    gap: t('reveal.gap'),
    errorsTerm: t('reveal.errors-term'),
    errors: t('reveal.errors', { errors: '{errors}', words: '{words}' }),
    beats: t('reveal.beats'),
    beatsNot: t('reveal.beats-not'),
    tiedBelow: t('reveal.tied-below'),
    equal: t('reveal.equal'),
    tieLegend: t('reveal.tie-legend'),
    toCome: t('reveal.to-come', { count: '{count}' }),
    caption: t('reveal.caption'),
    up: t('reveal.up', { count: '{count}' }),
    down: t('reveal.down', { count: '{count}' }),
    same: t('reveal.same'),
    shakeUpTitle: t('reveal.shake-up-title'),
    shakeUpLead: t('reveal.shake-up-lead'),
    publicPlaces: t('reveal.public-places'),
    privatePlaces: t('reveal.private-places'),
    gapsTitle: t('reveal.gaps-title'),
    gapsLead: t('reveal.gaps-lead'),
    gapChart: t('reveal.gap-chart'),
    gapRange: t('reveal.gap-range', { range: '{range}' }),
    endTitle: t('reveal.end-title'),
    endLead: t('reveal.end-lead'),
    back: t('reveal.back'),
    next: t('reveal.next'),
    keys: t('reveal.keys'),
  };
}

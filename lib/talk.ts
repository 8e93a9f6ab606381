import { RefusedError } from '#lib/errors.ts';

/** What a team says of its talk before it gives it. */
export type Talk = { title: string; description: string; slidesLink: string | null };

export const talkLimits = { title: 120, description: 1000, speaker: 80, link: 500 };

/** As it is kept. Refuses 'talk-too-long' and 'talk-link' (no https address); all of it may be empty. */
export function readTalk(typed: { title: string; description: string; slidesLink: string }): Talk {
  const title = oneLine(typed.title);
  const description = typed.description.replace(/\r\n?/g, '\n').trim();
  const slidesLink = typed.slidesLink.trim();
  if (title.length > talkLimits.title || description.length > talkLimits.description) {
    throw new RefusedError('talk-too-long', 422, { title: talkLimits.title, description: talkLimits.description });
  }
  if (slidesLink !== '' && !isHttps(slidesLink)) throw new RefusedError('talk-link', 422);
  return { title, description, slidesLink: slidesLink === '' ? null : new URL(slidesLink).href };
}

/** How somebody wants to be named; empty where they do not. Refuses 'speaker-name'. */
export function readSpeaker(typed: string): string {
  const name = oneLine(typed);
  if (name.length > talkLimits.speaker || /[\p{Cc}\p{Cf}\p{Co}\p{Cn}<>]/u.test(name)) {
    throw new RefusedError('speaker-name', 422, { longest: talkLimits.speaker });
  }
  return name;
}

function oneLine(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && new URL(text).href.length <= talkLimits.link;
}

import { z } from 'zod';
import { RefusedError } from '#lib/errors.ts';
import { isTimeZone } from '#lib/time.ts';

/*
 * What `PlaceFields` (app/_ui/place-fields.tsx) sends, for whoever makes a competition or a course of it.
 */

export const line = (most: number) => z.string().trim().max(most);
export const placeShape = { slug: line(60), nameRu: line(120), nameEn: line(120), timeZone: line(60) };
type Place = { slug: string; nameRu: string; nameEn: string; timeZone: string };

/** With a name in both languages. Refuses what cannot be an address of a page, or is no time zone. */
export function placeOf({ slug, nameRu, nameEn, timeZone }: Place): Place {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length < 2) throw new RefusedError('slug-invalid', 422);
  if (!isTimeZone(timeZone)) throw new RefusedError('time-zone-unknown', 422);
  return { slug, nameRu: nameRu || nameEn || slug, nameEn: nameEn || nameRu || slug, timeZone };
}

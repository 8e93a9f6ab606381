import type { Slides } from '#lib/db/defence.ts';
import type { Translate } from '#lib/messages/translate.ts';
import type { Formats } from '#ui/format.ts';

type Props = { t: Translate; formats: Formats; slug: string; teamId: string; slides: Slides };

/** To the file on this server, or to wherever the team keeps its slides. */
export function SlidesLink({ t, formats, slug, teamId, slides }: Props) {
  if (slides.kind === 'file') {
    return (
      <a href={`/c/${slug}/defence/${teamId}/slides`} className="link text-sm">
        {t('defence.slides-file', { size: formats.bytes(slides.bytes) })}
      </a>
    );
  }
  return (
    <a href={slides.url} rel="noreferrer nofollow" className="link break-all text-sm">
      {t('defence.slides-elsewhere', { host: new URL(slides.url).host })}
    </a>
  );
}

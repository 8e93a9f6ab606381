import type { Translate } from '#lib/messages/translate.ts';
import { buttonClass } from '#ui/button.tsx';
import { Panel } from '#ui/panel.tsx';

/** Ways into a window of its own: documents that the router cannot go to. */
export function RehearsalPanel({ slug, t }: { slug: string; t: Translate }) {
  const here = `/organise/${slug}/reveal/rehearsal`;
  return (
    <Panel title={t('reveal.rehearsal')}>
      <p className="mb-4 max-w-prose">{t('reveal.rehearsal-lead')}</p>
      <p className="flex flex-wrap gap-3">
        <a href={here} target="_blank" rel="noreferrer" className={buttonClass('secondary', 'normal')}>
          {t('reveal.rehearse-sample')}
        </a>
        <a href={`${here}?data=real`} target="_blank" rel="noreferrer" className={buttonClass('quiet', 'normal')}>
          {t('reveal.rehearse-real')}
        </a>
      </p>
    </Panel>
  );
}

import { webEnv } from '#lib/env.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { Command } from '#ui/command.tsx';

/** The same upload without this page. */
export function ShellUpload({ t, slug }: { t: Translate; slug: string }) {
  const url = `${webEnv().origin}/api/v1/competitions/${slug}/submissions?split=test&file=predictions.csv`;
  const command = `curl --data-binary @predictions.csv -H "Authorization: Bearer $ROSTRUM_TOKEN" "${url}"`;
  return (
    <details>
      <summary className="w-fit font-medium">{t('upload.shell')}</summary>
      <p className="my-2 text-soft">
        {t('upload.shell-text')}{' '}
        <a href="/account" className="link">
          {t('upload.shell-token')}
        </a>
      </p>
      <Command t={t} text={command} />
    </details>
  );
}

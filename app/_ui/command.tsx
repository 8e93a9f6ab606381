import type { Translate } from '#lib/messages/translate.ts';
import { CopyButton } from './copy-button.tsx';

/** A command to be copied into a shell. */
export function Command({ t, text }: { t: Translate; text: string }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways on a phone must be reachable by keyboard */}
      <pre tabIndex={0} className="code mb-2 text-sm">
        {text}
      </pre>
      <CopyButton text={text} label={t('common.copy')} copied={t('common.copied')} />
    </>
  );
}

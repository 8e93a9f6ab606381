import type { Translate } from '#lib/messages/translate.ts';
import { CopyButton } from './copy-button.tsx';

/** Code under a strip with its language and the way to the clipboard. */
export function CodeBlock({ t, language, text }: Props) {
  return (
    <div className="rounded-[10px] bg-sunk">
      <div className="screen-only flex items-center justify-between gap-4 py-1 pl-4 pr-1.5">
        <span className="font-mono text-xs text-soft">{language}</span>
        <CopyButton text={text} label={t('common.copy')} copied={t('common.copied')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways on a phone must be reachable by keyboard */}
      <pre tabIndex={0} className="code pt-1 text-sm">
        {text}
      </pre>
    </div>
  );
}
type Props = { t: Translate; language: string; text: string };

import { Panel } from '#ui/panel.tsx';
import { uploadProps } from '#ui/upload-props.ts';
import type { Visit } from '../visit.ts';
import { TryForm } from './try-form.tsx';

/** For the many files that are not worth keeping: their score at once, without an upload. */
export function TryPanel({ visit: v }: { visit: Visit }) {
  return (
    <Panel>
      <details>
        <summary className="w-fit font-medium">{v.t('lab.try')}</summary>
        <p className="mt-2 max-w-prose text-soft">{v.t('lab.try-text')}</p>
        <noscript>
          <p className="mt-2 text-soft">{v.t('lab.try-no-script')}</p>
        </noscript>
        <div className="mt-4 noscript:hidden">
          <TryForm {...uploadProps(v)} />
        </div>
      </details>
    </Panel>
  );
}

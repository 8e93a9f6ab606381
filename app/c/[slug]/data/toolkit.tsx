import { webEnv } from '#lib/env.ts';
import { LinkButton } from '#ui/button.tsx';
import { Command } from '#ui/command.tsx';
import { Panel } from '#ui/panel.tsx';
import type { Visit } from '../visit.ts';

const files = [
  { path: '/toolkit/rostrum.tgz', name: 'rostrum.tgz', text: 'data.toolkit-client' },
  { path: '/toolkit/rostrum.py', name: 'rostrum.py', text: 'data.toolkit-module' },
  { path: '/toolkit/first-recogniser.ipynb', name: 'first-recogniser.ipynb', text: 'data.toolkit-notebook' },
] as const;

/** The same work from a shell and in Python: a command, one module, one notebook, and the way to the cells that begin with them. */
export function Toolkit({ visit: { t, slug } }: { visit: Visit }) {
  const { origin } = webEnv();
  const install = [
    `npm install -g ${origin}/toolkit/rostrum.tgz`,
    `rostrum login ${origin} --competition ${slug}`,
    'rostrum data download',
  ].join('\n');
  return (
    <Panel title={t('data.toolkit')}>
      <ul className="max-w-prose space-y-2">
        {files.map(({ path, name, text }) => (
          <li key={name}>
            <a href={path} download={name} className="link font-medium">
              {name}
            </a>{' '}
            <span className="text-soft">{t(text)}</span>
          </li>
        ))}
      </ul>
      <div className="mt-4 space-y-4">
        <Command t={t} text={install} />
        <LinkButton href={`/c/${slug}/quick-start`} look="secondary">
          {t('start.link')}
        </LinkButton>
      </div>
    </Panel>
  );
}

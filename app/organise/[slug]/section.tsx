import type { ReactNode } from 'react';
import { Panel } from '#ui/panel.tsx';

/** A part of the organiser's page that the contents above lead to. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <div id={id} className="scroll-mt-6">
      <Panel title={title}>{children}</Panel>
    </div>
  );
}

'use client';

import { Failure } from './failure.tsx';
import './globals.css';

type Props = { error: Error & { digest?: string }; retry: () => void };

/** Stands in for the whole document when even its frame could not be drawn: the database is away, a setting is wrong. */
export default function GlobalErrorPage({ error, retry }: Props) {
  return (
    <html lang="ru" className="of-unknown-language" data-theme="auto">
      <body>
        <main className="page grid gap-6 py-16">
          <Failure digest={error.digest} retry={retry} />
        </main>
      </body>
    </html>
  );
}

// `npm run build`: bundle and pages, each only where its sources changed, for processes that are started by themselves. `npm start`
// does the same by itself. ROSTRUM_URL says what the pages stand below.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle, buildPages } from './start/build.mjs';
import { isFresh } from './start/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(join(root, 'dist'), { recursive: true });
const options = { env: process.env, logFile: join(root, 'dist/build.log'), signal: new AbortController().signal };
try {
  if (!isFresh(root, 'bundle')) await buildBundle(root, options);
  await buildPages(root, options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

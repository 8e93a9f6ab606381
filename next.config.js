import { basePathOf, pagesFolder } from './bin/start/sources.mjs';

const basePath = basePathOf(process.env.ROSTRUM_URL);

/** @type {import('next').NextConfig} */
export default {
  basePath,
  distDir: pagesFolder(basePath),
  // For what leads elsewhere and is none of Next's links (lib/base-path.ts).
  env: { ROSTRUM_BASE_PATH: basePath },
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  // `npm run check` holds the types of everything. Who only wants to run Rostrum should not wait for that, nor for our tests.
  typescript: { ignoreBuildErrors: true },
  // Its modules for browsers have no default export, as Node has it: one import is to do for both.
  turbopack: { resolveAlias: { wavefile: 'wavefile/dist/wavefile.js' } },
  serverExternalPackages: [
    '@node-rs/argon2',
    'pg',
    'pg-boss',
    'pino',
    'sonic-boom',
    'nodemailer',
    '@aws-sdk/client-s3',
    '@aws-sdk/lib-storage',
  ],
};

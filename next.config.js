/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  images: { unoptimized: true },
  // `npm run check` holds the types of everything. Who only wants to run Rostrum should not wait for that, nor for our tests.
  typescript: { ignoreBuildErrors: true },
  // Its modules for browsers have no default export, as Node has it: one import is to do for both.
  turbopack: { resolveAlias: { wavefile: 'wavefile/dist/wavefile.js' } },
  serverExternalPackages: ['@node-rs/argon2', 'pg', 'pg-boss', 'pino', 'nodemailer'],
};

import { openApiDocument } from '#lib/api/openapi.ts';

/** `npm run openapi`: the document of an installation at the root of whatever host serves it. */
process.stdout.on('error', () => process.exit());
process.stdout.write(`${JSON.stringify(openApiDocument({ origin: '' }), null, 2)}\n`);

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const schemas = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
const schema = (name: string) => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'));

type Component = { name: string; version: string; purl: string; hashes?: { alg: string; content: string }[] };
type Bom = { specVersion: string; metadata: { component: { name: string } }; components: Component[] };

test('the bill of materials is valid CycloneDX 1.6, and lists every package that runs, with the digest it is installed by', () => {
  const printed = execFileSync('node', [join(root, 'bin/sbom.mjs')], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const bom = JSON.parse(printed) as Bom;
  const ajv = new Ajv({ strict: false });
  for (const name of ['spdx', 'jsf-0.82'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  addFormats.default(ajv);
  ajv.addFormat('iri-reference', true).addFormat('idn-email', true);
  const isValid = ajv.compile(schema('bom-1.6'));
  expect(isValid(bom), JSON.stringify(isValid.errors)).toBe(true);
  // The control: a component without a name is none.
  expect(isValid({ ...bom, components: [{ type: 'library' }] })).toBe(false);

  expect([bom.specVersion, bom.metadata.component.name]).toEqual(['1.6', 'rostrum']);
  const names = bom.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['next', 'pg', 'nodemailer', '@node-rs/argon2']));
  expect(names.filter((name) => ['vitest', '@playwright/test'].includes(name))).toEqual([]);
  const unchecked = bom.components.filter(({ hashes = [] }) => !hashes.some(({ alg }) => alg === 'SHA-512'));
  expect(unchecked.map(({ name }) => name)).toEqual([]);
  expect(printed).not.toMatch(/"distribution"/);
});

// `npm run --silent sbom`: what a running installation is made of, as CycloneDX 1.6 in JSON, from package-lock.json alone and without a
// network. npm writes 1.5 and calls the project by its folder; 1.6 reads the same, but for its number.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const asked = ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx', '--sbom-type=application'];
const printed = execFileSync('npm', asked, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const { name } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const bom = JSON.parse(printed);
bom.$schema = 'http://cyclonedx.org/schema/bom-1.6.schema.json';
bom.specVersion = '1.6';
bom.metadata.component.name = name;
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);

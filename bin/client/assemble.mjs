// The package that teams install: the client's bundle, the kernels that count errors, a launcher. It is served by the product itself.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from './tar.mjs';

/** Areas of messages that the client speaks from. */
export const clientMessages = ['cli', 'client', 'common', 'problems', 'scoring'];

/** Under `dist/`: the folder, and the same as npm installs it. */
export const clientFolder = 'client';
export const clientArchive = 'rostrum.tgz';

const programs = ['client.mjs', 'kernel.wasm', 'statistics.wasm'];

/**
 * After the bundles are made.
 * @param {string} root
 */
export function assembleClient(root) {
  const dist = join(root, 'dist');
  const folder = join(dist, clientFolder);
  rmSync(folder, { recursive: true, force: true });
  // Kernels are looked for in the folder `dist` that the program lies in.
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const name of programs) cpSync(join(dist, name), join(folder, 'dist', name));
  cpSync(join(dist, 'client-launcher.mjs'), join(folder, 'dist/rostrum.mjs'));
  chmodSync(join(folder, 'dist/rostrum.mjs'), 0o755);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(root), null, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), readme);
  const files = ['package.json', 'README.md', 'dist/rostrum.mjs', ...programs.map((name) => `dist/${name}`)];
  const entries = files.map((name) => ({
    name: `package/${name}`,
    bytes: readFileSync(join(folder, name)),
    isProgram: name === 'dist/rostrum.mjs',
  }));
  writeFileSync(join(dist, clientArchive), gzipSync(tarOf(entries), { level: 9 }));
}

/** @param {string} root */
function manifestOf(root) {
  const { name, version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name,
    version,
    description: 'The command line of Rostrum for teams: data, checks, scores and uploads.',
    type: 'module',
    bin: { rostrum: 'dist/rostrum.mjs' },
    engines,
    files: ['dist'],
  };
}

const readme = `# rostrum

The command line of Rostrum for teams in speech-recognition competitions: data, checks, scores and uploads.

    rostrum login https://rostrum.example.org
    rostrum data download
    rostrum submit predictions.csv
    rostrum --help
`;

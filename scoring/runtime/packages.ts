import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dist } from '#scoring/dist.ts';

export const installationFolder = dirname(dist);

/**
 * Where `rostrum admin gpu-install` puts native packages, each in a folder of its own: beside the installation's packages, so that
 * neither a failed download nor a later `npm ci` touches the others.
 */
export function nativeFolder(name: string): string {
  return join(installationFolder, '.native', name.replaceAll('/', '-'));
}

/** The file that a package is loaded from, looked for in the folders one after another; null where none has it. */
export function locatePackage(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(name);
    } catch {
      // Not there, or not to be loaded by this Node.js: the next folder may have it.
    }
  }
  return null;
}

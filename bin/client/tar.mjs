// A tar archive of a few small files: the same bytes for the same files, on every machine and without npm.
import { paddingOf, tarEnd, tarHeader } from '../../lib/tar.mjs';

/** npm writes this instant into every file of a package, 26 October 1985, since before 1980 some tools refuse. */
const writtenAtSeconds = 499_162_500;

/**
 * @param {readonly { name: string, bytes: Uint8Array, isProgram: boolean }[]} files
 * @returns {Buffer}
 */
export function tarOf(files) {
  const blocks = files.flatMap(({ name, bytes, isProgram }) => [
    tarHeader(name, { bytes: bytes.length, mode: isProgram ? 0o755 : 0o644, writtenAtSeconds }),
    bytes,
    Buffer.alloc(paddingOf(bytes.length)),
  ]);
  return Buffer.concat([...blocks, tarEnd]);
}

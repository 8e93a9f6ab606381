// A tar archive of a few small files (POSIX.1-1988 ustar): the same bytes for the same files, on every machine and without npm.

const blockBytes = 512;

/**
 * @param {readonly { name: string, bytes: Uint8Array, isProgram: boolean }[]} files names of at most 100 bytes
 * @returns {Buffer}
 */
export function tarOf(files) {
  const blocks = files.flatMap(({ name, bytes, isProgram }) => [
    headerOf(name, bytes.length, isProgram ? 0o755 : 0o644),
    bytes,
    Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]);
}

/** npm writes this instant into every file of a package, 26 October 1985, since before 1980 some tools refuse. */
const writtenAtSeconds = 499_162_500;

/**
 * @param {string} name
 * @param {number} bytes
 * @param {number} mode
 */
function headerOf(name, bytes, mode) {
  const header = Buffer.alloc(blockBytes);
  /**
   * @param {string} text
   * @param {number} at
   */
  const put = (text, at) => header.write(text, at, 'latin1');
  /**
   * @param {number} value
   * @param {number} at
   * @param {number} digits
   */
  const octal = (value, at, digits) => put(`${value.toString(8).padStart(digits, '0')}\0`, at);
  put(name, 0);
  octal(mode, 100, 7);
  octal(0, 108, 7); // owner
  octal(0, 116, 7); // group
  octal(bytes, 124, 11);
  octal(writtenAtSeconds, 136, 11);
  put(' '.repeat(8), 148); // the checksum counts its own field as spaces
  put('0', 156); // a regular file
  put('ustar\x0000', 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  put(' ', 155);
  return header;
}

// The blocks of a tar archive (POSIX.1-1988 ustar; sizes beyond 8 GiB as GNU tar writes them). Plain Node, as the package that teams install is
// made before anything is bundled.

export const blockBytes = 512;
const mostOctal = 8 ** 11;
export const mostNameBytes = 100;
export const mostFolderBytes = 155;
export const foldersAt = 345;
/** Two empty blocks end an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/**
 * The zeros that fill the last block of a content.
 * @param {number} bytes
 */
export function paddingOf(bytes) {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/**
 * The block before a content. Throws where the name is too long: its last part 100 bytes, the rest 155.
 * @param {string} name
 * @param {{ bytes: number, mode: number, writtenAtSeconds: number }} about
 * @returns {Buffer}
 */
export function tarHeader(name, { bytes, mode, writtenAtSeconds }) {
  const header = Buffer.alloc(blockBytes);
  const cut = Buffer.byteLength(name) > mostNameBytes ? name.lastIndexOf('/') : -1;
  const [folders, last] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)];
  if (Buffer.byteLength(last) > mostNameBytes || Buffer.byteLength(folders) > mostFolderBytes) {
    throw new Error(`${name} is too long a name for an archive`);
  }
  /**
   * @param {number} value
   * @param {number} at
   * @param {number} digits
   */
  const octal = (value, at, digits) => header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.write(last, 0);
  header.write(folders, foldersAt);
  octal(mode, 100, 7);
  octal(0, 108, 7); // owner
  octal(0, 116, 7); // group
  if (bytes < mostOctal) octal(bytes, 124, 11);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(bytes), 128);
  }
  octal(writtenAtSeconds, 136, 11);
  header.write('0', 156, 'latin1'); // a regular file
  header.write('ustar\x0000', 257, 'latin1');
  octal(checksumOf(header), 148, 6);
  header.write(' ', 155, 'latin1');
  return header;
}

/**
 * The field of the checksum itself counts as spaces.
 * @param {Buffer} header
 */
export function checksumOf(header) {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

/**
 * A file that is read only once it is known where its bytes are wanted. `readInto` fills `target`, of `size` bytes, and may be
 * called again.
 */
export type FileSource = { readonly size: number; readInto(target: Uint8Array): void };

/** A file: its bytes, or where they come from. */
export type FileBytes = Uint8Array | FileSource;

export function sizeOf(file: FileBytes): number {
  return file instanceof Uint8Array ? file.length : file.size;
}

export function copyInto(target: Uint8Array, file: FileBytes): void {
  if (file instanceof Uint8Array) target.set(file);
  else file.readInto(target);
}

export function bytesOf(file: FileBytes): Uint8Array {
  if (file instanceof Uint8Array) return file;
  const bytes = new Uint8Array(file.size);
  file.readInto(bytes);
  return bytes;
}

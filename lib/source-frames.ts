import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Frames of a stack as places in our sources. Maps are read when something has failed: Node's own --enable-source-maps reads them with
 * every module, and keeps the text of all sources for as long as the process runs, 80 MB in the web's case.
 */

const place = /((?:file:\/\/)?\/[^\s()]+):(\d+):(\d+)/;
// Many may fail for the same reason at once; and soon after, nobody needs their maps.
const read = new Map<string, WeakRef<SourceMap>>();

/** Frames without a map stay as they are. */
export function inSources(frames: readonly string[]): string[] {
  return frames.map((frame) =>
    frame.replace(place, (whole, address: string, line: string, column: string) => {
      const file = address.startsWith('file:') ? fileURLToPath(address) : address;
      return placeInSource(file, Number(line), Number(column)) ?? whole;
    }),
  );
}

function placeInSource(file: string, line: number, column: number): string | null {
  const found = mapOf(file)?.findEntry(line - 1, column - 1);
  if (found === undefined || !('originalSource' in found) || found.originalSource === undefined) return null;
  return `${nameOf(found.originalSource, file)}:${found.originalLine + 1}:${found.originalColumn + 1}`;
}

/** From the project's root where it is a file of ours. */
function nameOf(source: string, file: string): string {
  if (source.includes('[project]/')) return source.slice(source.indexOf('[project]/') + '[project]/'.length);
  const path = source.startsWith('file:') ? fileURLToPath(source) : resolve(dirname(file), source);
  return relative(/* turbopackIgnore: true */ process.cwd(), path);
}

/** A map that cannot be read is none: whoever asks has an error already. */
function mapOf(file: string): SourceMap | undefined {
  const known = read.get(file)?.deref();
  if (known !== undefined) return known;
  const path = `${file}.map`;
  if (!existsSync(/* turbopackIgnore: true */ path)) return undefined;
  try {
    const map = new SourceMap(JSON.parse(readFileSync(/* turbopackIgnore: true */ path, 'utf8')));
    read.set(file, new WeakRef(map));
    return map;
  } catch {
    return undefined;
  }
}

import { isUtf8 as isUtf8InNode } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '#scoring/dist.ts';
import { compileModule } from './instantiate.ts';

/*
 * What the kernel needs of Node. For a browser stands load-browser.ts under the same name: package.json says so in `imports`.
 */

/** Files of dist/ that bin/kernel.mjs compiles. */
export type ModuleName = 'kernel' | 'statistics';

const compiled = new Map<ModuleName, WebAssembly.Module | null>();

/** Compiled once in a process; null where the machine has no WebAssembly with SIMD. */
export function loadModule(name: ModuleName): WebAssembly.Module | null {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const module = compileModule(readFileSync(join(dist, `${name}.wasm`)));
  compiled.set(name, module);
  return module;
}

export function isUtf8(bytes: Uint8Array): boolean {
  return isUtf8InNode(bytes);
}

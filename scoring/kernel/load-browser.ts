import { compileModule } from './instantiate.ts';
import type { ModuleName } from './load.ts';

/*
 * What the kernel needs of a browser: there modules are fetched, so somebody has to bring them before they are asked for.
 */

const compiled = new Map<ModuleName, WebAssembly.Module | null>();

/** False where the browser has no WebAssembly with SIMD, or a policy forbids it: plain TypeScript then does the same. */
export function bringModule(name: ModuleName, bytes: BufferSource): boolean {
  const module = compileModule(bytes);
  compiled.set(name, module);
  return module !== null;
}

/** Null for what was not brought. */
export function loadModule(name: ModuleName): WebAssembly.Module | null {
  return compiled.get(name) ?? null;
}

const strict = new TextDecoder('utf-8', { fatal: true });

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

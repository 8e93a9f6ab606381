// Compiles what scoring does in WebAssembly: scoring/kernel/assembly to dist/*.wasm.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const assembly = 'scoring/kernel/assembly';
/** Modules by the source that each begins with. */
const modules = { kernel: 'index.ts', statistics: 'statistics.ts' };

// Without a runtime: memory is laid out by hand, and nothing is imported that a browser would have to bring.
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];

export async function compileKernel() {
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const [name, entry] of Object.entries(modules)) {
    const source = `${assembly}/${entry}`;
    if (existsSync(join(root, source))) await compile(source, `dist/${name}.wasm`);
  }
}

/**
 * @param {string} source
 * @param {string} output
 */
async function compile(source, output) {
  const { error, stderr } = await asc.main([source, '--baseDir', root, '--outFile', output, ...options]);
  if (error) throw new Error(`${source} was not compiled\n${stderr}`, { cause: error });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileKernel();

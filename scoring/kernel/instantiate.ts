/** A module of ours with its memory, in Node and in the browser; `Functions` are what it exports beside. */
export type Instance<Functions> = Functions & { readonly memory: WebAssembly.Memory };

/** Null where the machine has no WebAssembly with SIMD: plain TypeScript then does the same. */
export function compileModule(bytes: BufferSource): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof ReferenceError) return null;
    throw error;
  }
}

/** The memory is the instance's own, and goes when it goes. */
export function instantiate<Functions>(module: WebAssembly.Module): Instance<Functions> {
  return new WebAssembly.Instance(module, {}).exports as unknown as Instance<Functions>;
}

/** Where memory is free: below lie the module's own constants. */
export function heapStart(): usize {
  return __heap_base;
}

export { countTokens, setScratch } from './align';

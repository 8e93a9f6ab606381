import { basename, join } from 'node:path';

const here = import.meta.dirname;

/** Where bundles and compiled kernels lie. Bundled, this module lies there itself. */
export const dist = basename(here) === 'dist' ? here : join(here, '../dist');

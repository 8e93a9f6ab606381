// `npm run pack:client`: builds the package for teams and says where it is.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../bundle.mjs';
import { clientArchive } from './assemble.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
await bundle();
console.log(join(root, 'dist', clientArchive));

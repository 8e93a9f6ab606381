import * as react from 'react/jsx-dev-runtime';
import { withAddresses } from './addresses.ts';

export type { JSX } from 'react/jsx-dev-runtime';
export { Fragment } from 'react/jsx-dev-runtime';
export const jsxDEV = withAddresses(react.jsxDEV);

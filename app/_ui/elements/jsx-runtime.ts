import * as react from 'react/jsx-runtime';
import { withAddresses } from './addresses.ts';

export type { JSX } from 'react/jsx-runtime';
export { Fragment } from 'react/jsx-runtime';
export const jsx = withAddresses(react.jsx);
export const jsxs = withAddresses(react.jsxs);

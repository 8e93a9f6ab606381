import type { ElementType } from 'react';
import { basePath, withBase } from '#lib/base-path.ts';

/*
 * What makes the elements of markup, instead of React alone (tsconfig.json: jsxImportSource): an address of ours in a plain element, as
 * `/c/demo`, leads below the path that the site stands on. Next does so for its <Link>; here it is done for every other, and nobody has
 * to remember it.
 */

type Create<Rest extends readonly unknown[], Made> = (type: ElementType, props: unknown, ...rest: Rest) => Made;
type Props = Readonly<Record<string, unknown>>;

const names = ['href', 'src', 'action', 'formAction', 'poster'] as const;

/** Components get their addresses as they are written: they make elements in turn. */
export function withAddresses<Rest extends readonly unknown[], Made>(create: Create<Rest, Made>): Create<Rest, Made> {
  if (basePath === '') return create;
  return (type, props, ...rest) => create(type, typeof type === 'string' ? placed(props as Props) : props, ...rest);
}

function placed(props: Props): Props {
  const ours = names.flatMap((name) => {
    const address = props[name];
    return typeof address === 'string' && /^\/(?!\/)/.test(address) ? [[name, withBase(address)] as const] : [];
  });
  return ours.length === 0 ? props : { ...props, ...Object.fromEntries(ours) };
}

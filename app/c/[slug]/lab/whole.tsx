import Link from 'next/link';
import { type LongList, labHref } from './query.ts';
import type { Lab } from './view.ts';

type Props = {
  lab: Lab;
  list: LongList;
  isWhole: boolean;
  /** What the analysis tells, of `total`. */
  told: number;
  total: number;
  /** What is shown of it until all is asked for. */
  most: number;
};

/** Below a list that is cut: the way to all of it and back, and how much of it is all. */
export function Whole({ lab, list, isWhole, told, total, most }: Props) {
  const { t, slug } = lab.visit;
  if (told <= most) return null;
  const href = `${labHref(slug, lab.query, { all: isWhole ? null : list })}#${list}`;
  const isCut = told < total;
  return (
    <>
      {isWhole && isCut && `${t('lab.list-cut', { told, total })} `}
      <Link href={href} prefetch={false} className="link">
        {isWhole ? t('lab.list-less') : t('lab.list-all', { total })}
      </Link>
    </>
  );
}

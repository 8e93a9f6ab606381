'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Pending } from '#ui/pending.tsx';

export type ConsoleLink = { href: string; label: string; waiting: { count: string; sentence: string } | null };
export type ConsoleMenu = readonly { title: string; links: readonly ConsoleLink[] }[];

type Props = { label: string; root: string; menu: ConsoleMenu };

/** The pages of the console: beside the page where there is room, else behind a button that names the present one. */
export function ConsoleNav({ label, root, menu }: Props) {
  const path = usePathname();
  const isCurrent = ({ href }: ConsoleLink) => path === href || (href !== root && path.startsWith(`${href}/`));
  const current = menu.flatMap(({ links }) => links).find(isCurrent);
  const groups = <Groups menu={menu} isCurrent={isCurrent} />;
  return (
    <nav aria-label={label} className="screen-only">
      {/* The key shuts it when another page has come. */}
      <details key={path} className="group rounded-xl border border-line bg-raised lg:hidden">
        <summary className="flex min-h-11 items-center gap-3 px-4 py-2 font-medium marker:content-none">
          <MenuIcon />
          <span>{current?.label ?? label}</span>
        </summary>
        <div className="border-t border-rule px-4 pb-4 pt-3">{groups}</div>
      </details>
      <div className="max-lg:hidden">{groups}</div>
    </nav>
  );
}

type GroupsProps = { menu: ConsoleMenu; isCurrent: (link: ConsoleLink) => boolean };

function Groups({ menu, isCurrent }: GroupsProps) {
  return (
    <div className="grid grid-cols-2 gap-x-6 gap-y-5 lg:grid-cols-1">
      {menu.map(({ title, links }) => (
        <div key={title}>
          <p className="mb-1 text-sm text-soft">{title}</p>
          <ul>
            {links.map((link) => (
              <li key={link.href}>
                <Link
                  href={link.href}
                  prefetch={false}
                  aria-current={isCurrent(link) ? 'page' : undefined}
                  className="-mx-2 flex min-h-9 items-center gap-2 rounded-lg px-2 py-1 hover:text-accent aria-[current]:bg-sunk aria-[current]:font-semibold aria-[current]:text-ink"
                >
                  <Pending>{link.label}</Pending>
                  {link.waiting && <Waiting {...link.waiting} />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Waiting({ count, sentence }: { count: string; sentence: string }) {
  return (
    <span className="rounded-full border border-accent px-2 text-xs font-medium text-accent">
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">{sentence}</span>
    </span>
  );
}

function MenuIcon() {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.8">
      <path d="M3 5.5h14M3 10h14M3 14.5h14" strokeLinecap="round" />
    </svg>
  );
}

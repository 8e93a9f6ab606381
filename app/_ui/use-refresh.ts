import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { withBase } from '#lib/base-path.ts';

/**
 * Has the page read anew, where the server can be reached. Without the question first, a refresh that fails leaves for the
 * browser's own error page, and takes along everything typed.
 */
export function useRefresh(): () => Promise<void> {
  const router = useRouter();
  return useCallback(async () => {
    const isReachable = await fetch(withBase('/healthz'), { cache: 'no-store' }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReachable) router.refresh();
  }, [router]);
}

/** A piece of work that has begun. `isFollowed`: another one waited as it was taken. */
export type Piece = { isFollowed: boolean; done: Promise<void> };

/**
 * Does pieces of work until none is left, up to `count` at the same time. `wake` says that there may be some; it resolves when
 * there is room for more, so that one long piece holds up no other.
 */
export type Lanes = { wake(): Promise<void>; settled(): Promise<void> };

/** `take` begins the piece whose turn it is, null where none waits. It is asked again only where there may be one: to look is dear. */
export function createLanes(
  count: number,
  take: () => Promise<Piece | null>,
  onError: (error: unknown) => void,
): Lanes {
  const running = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;
  let mayWait = false;

  const hasToLook = () => mayWait && running.size < count;
  const look = async () => {
    while (hasToLook()) {
      // Who calls while this looks may mean one that it misses.
      mayWait = false;
      const piece = await take();
      if (piece !== null) run(piece);
    }
  };
  const fill = (): Promise<void> => {
    looking ??= look()
      .catch(onError)
      .finally(() => {
        looking = null;
        if (hasToLook()) void fill();
      });
    return looking;
  };
  const run = ({ isFollowed, done }: Piece) => {
    mayWait ||= isFollowed;
    const lane = done.catch(onError).finally(() => {
      running.delete(lane);
      if (hasToLook()) void fill();
    });
    running.add(lane);
  };

  return {
    async wake() {
      mayWait = true;
      if (running.size < count) await fill();
      if (running.size === count) await Promise.race(running);
    },
    async settled() {
      while (looking !== null || running.size > 0) await Promise.all([looking, ...running]);
    },
  };
}

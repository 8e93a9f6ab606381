/**
 * Does pieces of work until none is left, up to `count` at the same time. `wake` says that there may be some; it resolves when
 * there is room for more, so that one long piece holds up no other. `next` does one piece and returns whether there was one.
 */
export type Lanes = { wake(): Promise<void>; settled(): Promise<void> };

export function createLanes(count: number, next: () => Promise<boolean>, onError: (error: unknown) => void): Lanes {
  const running = new Set<Promise<void>>();
  let calls = 0;
  const work = async () => {
    let seen: number;
    // Who calls while the last piece is looked for may mean one that it missed.
    do seen = calls;
    while ((await next()) || seen !== calls);
  };
  const start = () => {
    const lane = work()
      .catch(onError)
      .finally(() => running.delete(lane));
    running.add(lane);
  };
  return {
    async wake() {
      calls += 1;
      while (running.size < count) start();
      await Promise.race(running);
    },
    async settled() {
      await Promise.all(running);
    },
  };
}

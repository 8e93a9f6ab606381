/**
 * How many requests one caller may make: at most `requests` within `windowSeconds` from the first of them. Kept in the memory of
 * each web process: they shield it from programs gone wild, and a write for every read would cost more than the read.
 */
export type RequestLimit = { requests: number; windowSeconds: number };

/**
 * `caller`: of one token or one person in a browser, or, `perPerson`, of all tokens of a person together. `network`: of all who are
 * nobody behind one address, which may be a lecture hall's.
 */
export const requestLimits = {
  read: { caller: { requests: 600, windowSeconds: 60 }, network: { requests: 12_000, windowSeconds: 60 } },
  /** A corpus of ten thousand recordings, file by file, in two minutes. */
  download: { caller: { requests: 6_000, windowSeconds: 60 }, network: { requests: 12_000, windowSeconds: 60 } },
  /** Each is read and checked, whatever comes of it. */
  submit: {
    caller: { requests: 300, windowSeconds: 600 },
    network: { requests: 3_000, windowSeconds: 60 },
    perPerson: true,
  },
} as const satisfies Record<string, { caller: RequestLimit; network: RequestLimit; perPerson?: true }>;

export type LimitName = keyof typeof requestLimits;

/** What a caller has left under a limit; `resetSeconds` until all of it is back. */
export type Allowance = { name: string; limit: RequestLimit; left: number; resetSeconds: number };

type Window = { endsAtMs: number; spent: number };

/** Counts requests of callers. Closed windows are forgotten once there are `mostKept`, so that memory has an end. */
export function createRequestCounter(mostKept = 50_000) {
  const windows = new Map<string, Window>();
  return {
    /** One more request of `subject`. `left` is negative where it was one too many, which spends nothing. */
    spend(name: LimitName, limit: RequestLimit, subject: string, nowMs: number): Allowance {
      const key = `${name}:${subject}`;
      const known = windows.get(key);
      const isOpen = known !== undefined && known.endsAtMs > nowMs;
      const window = isOpen ? known : { endsAtMs: nowMs + limit.windowSeconds * 1000, spent: 0 };
      if (!isOpen) keep(key, window, nowMs);
      const left = limit.requests - window.spent - 1;
      if (left >= 0) window.spent += 1;
      return { name, limit, left, resetSeconds: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000)) };
    },
    size: () => windows.size,
  };

  function keep(key: string, window: Window, nowMs: number): void {
    if (windows.size >= mostKept) {
      for (const [other, { endsAtMs }] of windows) if (endsAtMs <= nowMs) windows.delete(other);
      // All of them open: whoever came first has had the most of its window.
      if (windows.size >= mostKept) windows.delete(windows.keys().next().value!);
    }
    windows.delete(key);
    windows.set(key, window);
  }
}

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
export function allowanceHeaders({ name, limit, left, resetSeconds }: Allowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${limit.requests};w=${limit.windowSeconds}`,
    RateLimit: `"${name}";r=${Math.max(0, left)};t=${resetSeconds}`,
  };
}

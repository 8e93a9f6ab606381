/**
 * Results that cost a while, by what they follow from: those used last, up to `most` in weight. Who asks for one that is being made
 * waits for it; one that failed is not kept.
 */
export function keepLast<Value>(most: number, weightOf: (value: Value) => number) {
  const kept = new Map<string, { value: Promise<Value>; weight: number }>();
  return (key: string, make: () => Promise<Value>): Promise<Value> => {
    const entry = kept.get(key) ?? { value: make(), weight: 0 };
    kept.delete(key);
    kept.set(key, entry);
    entry.value.then(
      (value) => {
        entry.weight = weightOf(value);
        dropOldest(kept, most);
      },
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    return entry.value;
  };
}

function dropOldest(kept: Map<string, { weight: number }>, most: number): void {
  let weight = [...kept.values()].reduce((sum, entry) => sum + entry.weight, 0);
  for (const [key, entry] of kept) {
    if (weight <= most || kept.size === 1) return;
    kept.delete(key);
    weight -= entry.weight;
  }
}

/*
 * What a season prints: a line for every step that a person takes, with its seconds, and every bound with its value; at the end the sum.
 */

export type Report = {
  /** One step; what it throws ends the season, since the next ones stand on it. */
  step<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
  /** A figure that may not pass its bound. */
  atMost(name: string, value: number, most: number, unit: string): void;
  /** Prints the sum and returns the exit code. */
  end(): number;
};

export class StepFailed extends Error {
  constructor(name: string, cause: unknown) {
    super(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StepFailed';
  }
}

export function openReport(write: (line: string) => void = console.log): Report {
  let passed = 0;
  let failed = 0;
  const count = (isPassed: boolean, line: string) => {
    if (isPassed) passed += 1;
    else failed += 1;
    write(`${isPassed ? '✓' : '✗'} ${line}`);
  };
  return {
    async step(name, act) {
      const begun = performance.now();
      try {
        const result = await act();
        count(true, `${name.padEnd(84)} ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s`);
        return result;
      } catch (error) {
        count(false, name);
        throw new StepFailed(name, error);
      }
    },
    atMost(name, value, most, unit) {
      const isWithin = value <= most;
      count(isWithin, `${name.padEnd(84)} ${value.toPrecision(3).padStart(6)} ${unit} (at most ${most} ${unit})`);
    },
    end() {
      write(`\n${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
}

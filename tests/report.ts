/*
 * What a season and the fault tests print: a line for every step, with its seconds, and every bound with its value; at the end the sum.
 */

export type Report = {
  /** One step; what it throws ends the run, since the next ones stand on it. */
  step<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
  /** A figure that may not pass its bound. */
  atMost(name: string, value: number, most: number, unit: string): void;
  /** A figure that has to reach its bound. */
  atLeast(name: string, value: number, least: number, unit: string): void;
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
    atMost: (name, value, most, unit) => count(value <= most, figure(name, value, `${unit} (at most ${most} ${unit})`)),
    atLeast: (name, value, least, unit) =>
      count(value >= least, figure(name, value, `${unit} (at least ${least} ${unit})`)),
    end() {
      write(`\n${passed} passed, ${failed} failed`);
      return failed === 0 ? 0 : 1;
    },
  };
}

function figure(name: string, value: number, rest: string): string {
  const digits = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return `${name.padEnd(84)} ${digits.padStart(6)} ${rest}`;
}

// What a run of Vitest came to, as a file. Its own reporter of JSON leaves out why a group failed whose hook did.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {import('vitest/node').TestModule} TestModule
 * @typedef {import('vitest/node').TestSuite} TestSuite
 * @typedef {import('vitest/node').TestCase} TestCase
 * @typedef {{ message?: string, stack?: string }} TestError
 * @typedef {{ name: string, state: 'passed' | 'failed' | 'skipped' | 'not run', error: string | null }} TestAccount 'not run': a hook of its group failed; error: of one that passed, why an earlier try did not
 * @typedef {{ file: string, seconds: number, tests: TestAccount[], broken: { name: string, error: string }[] }} FileAccount broken: groups, '' being the file itself
 * @typedef {{ files: FileAccount[], errors: string[] }} Account errors: outside of all files
 */

export default class AccountReporter {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly TestError[]} errors
   */
  onTestRunEnd(modules, errors) {
    /** @type {Account} */
    const account = { files: modules.map(accountOf), errors: errors.map(told) };
    writeFileSync(/** @type {string} */ (process.env.ROSTRUM_TEST_ACCOUNT), JSON.stringify(account));
  }
}

/**
 * @param {TestModule} module
 * @returns {FileAccount}
 */
function accountOf(module) {
  const groups = [module, ...module.children.allSuites()];
  return {
    file: module.relativeModuleId,
    seconds: module.diagnostic().duration / 1000,
    tests: [...module.children.allTests()].map((test) => {
      const { state, errors = [] } = test.result();
      const end = state === 'skipped' && isBroken(test.parent) ? 'not run' : state;
      return {
        name: path(test),
        state: end === 'pending' ? 'not run' : end,
        error: errors[0] ? told(errors[0]) : null,
      };
    }),
    broken: groups.flatMap((group) => group.errors().map((error) => ({ name: path(group), error: told(error) }))),
  };
}

/**
 * @param {TestModule | TestSuite} group
 * @returns {boolean}
 */
function isBroken(group) {
  return group.errors().length > 0 || (group.type === 'suite' && isBroken(group.parent));
}

/**
 * @param {TestModule | TestSuite | TestCase} entity
 * @returns {string}
 */
function path(entity) {
  if (entity.type === 'module') return '';
  const above = path(entity.parent);
  return above === '' ? entity.name : `${above} › ${entity.name}`;
}

/** @param {TestError} error */
function told({ stack, message }) {
  return stack ?? message ?? '';
}

// What every program asks before it loads anything else: an old Node stops at the first import that it does not have, in words for nobody.
import { Refusal } from './sentences.mjs';

/** As `engines` in package.json has it. */
export const oldestNode = '20.19';

/**
 * Why Rostrum does not run on this version; null where it does.
 * @param {string} [have] as in process.versions.node
 */
export function nodeTrouble(have = process.versions.node) {
  const [major = 0, minor = 0] = have.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldestNode.split('.').map(Number);
  const isNewEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isNewEnough ? null : new Refusal('node-too-old', { needed: oldestNode, have });
}

/**
 * Runs a command line; on a Node that is too old says so instead, with the exit code of something needed that is missing.
 * @param {() => Promise<number>} run loads what it needs itself
 * @returns {Promise<number>} the exit code
 */
export async function onThisNode(run) {
  const trouble = nodeTrouble();
  if (trouble === null) return run();
  process.stderr.write(`${trouble.message}\n`);
  return 3;
}

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

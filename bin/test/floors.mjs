// Which installed versions are older than tests/floors.json lets them be. `npm audit` asks a registry, and one that does not answer it
// looks clean; this needs the lock file alone. `npm run check` holds it.

/**
 * @typedef {{ atLeast: string, why: string, mended?: string[] }} Floor mended: where an older major version was mended as well
 * @typedef {{ package: string, at: string, version: string, until: string, why: string, guard: { file: string, test: string } }} Exception
 *   a version below its floor, at one place of the tree and until one day; `guard` is the test that shows why it does no harm
 * @typedef {{ floors: Record<string, Floor>, exceptions: Exception[], installScripts: Record<string, string> }} Floors
 * @typedef {{ name?: string, version?: string, integrity?: string, hasInstallScript?: boolean, link?: boolean }} Entry
 * @typedef {{ packages: Record<string, Entry> }} Lock package-lock.json
 */

/**
 * What is too old, as sentences; nothing where all is well. An exception that has run out, or that nothing needs any more, is told, too.
 * @param {Lock} lock
 * @param {Floors} floors
 * @param {string} today as 2026-11-30
 * @returns {string[]}
 */
export function belowFloors(lock, { floors, exceptions }, today) {
  /** @type {Set<Exception>} */
  const used = new Set();
  const old = installed(lock).flatMap(({ place, name, version }) => {
    const floor = floors[name];
    if (floor === undefined || isSafe(version, floor)) return [];
    const exception = exceptions.find((one) => one.package === name && one.at === place && one.version === version);
    if (exception === undefined) return [`${place} is ${version}, at least ${floor.atLeast} is safe: ${floor.why}`];
    used.add(exception);
    return exception.until >= today ? [] : [`the exception for ${place} ${version} ran out on ${exception.until}`];
  });
  const idle = exceptions.filter((one) => !used.has(one));
  return [...old, ...idle.map(({ at, version }) => `nothing needs the exception for ${at} ${version} any more`)];
}

/**
 * Packages that run a script of theirs while they are installed.
 * @param {Lock} lock
 * @returns {string[]} names, each once
 */
export function withInstallScripts(lock) {
  const running = installed(lock).filter(({ entry }) => entry.hasInstallScript === true);
  return [...new Set(running.map(({ name }) => name))].sort();
}

/**
 * Places of the tree whose bytes nothing checks.
 * @param {Lock} lock
 * @returns {string[]}
 */
export function withoutDigest(lock) {
  const isChecked = (/** @type {Entry} */ { integrity }) => /^sha512-[\w+/]{86}==$/.test(integrity ?? '');
  return installed(lock)
    .filter(({ entry }) => !isChecked(entry))
    .map(({ place }) => place);
}

/** @param {Lock} lock */
function installed({ packages }) {
  const inTree = Object.entries(packages).filter(([place, { link }]) => place !== '' && link !== true);
  return inTree.map(([place, entry]) => ({
    place,
    entry,
    // One that is installed under another name says its own.
    name: entry.name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version ?? '0',
  }));
}

/**
 * @param {string} version
 * @param {Floor} floor
 */
function isSafe(version, { atLeast, mended = [] }) {
  const major = version.split('.')[0];
  return isAtLeast(version, mended.find((one) => one.split('.')[0] === major) ?? atLeast);
}

/**
 * By major, minor and patch; a version before a release is as old as what came before it, unless its floor is as well.
 * @param {string} version
 * @param {string} floor
 */
export function isAtLeast(version, floor) {
  const [have = '', before] = version.split('-');
  const [needed = '', floorBefore] = floor.split('-');
  const parts = have.split('.').map(Number);
  const least = needed.split('.').map(Number);
  for (let i = 0; i < 3; i += 1) {
    const difference = (parts[i] ?? 0) - (least[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return before === undefined || floorBefore !== undefined;
}

// What the client reads of its surroundings: servers and tokens that were set there, and where a person's files belong
// (XDG Base Directory Specification 0.8).
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * @typedef {{
 *   server: string | undefined, token: string | undefined, competition: string | undefined,
 *   configFolder: string, stateFolder: string, cacheFolder: string,
 *   proxies: NodeJS.ProcessEnv,
 * }} ClientEnvironment
 */

/**
 * An empty variable is none, and the specification has relative folders ignored.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {ClientEnvironment}
 */
export function clientEnvironment(env = process.env) {
  const home = env.HOME || homedir();
  /**
   * @param {string | undefined} given
   * @param {string} usual
   */
  const folder = (given, usual) => join(given && isAbsolute(given) ? given : join(home, usual), 'rostrum');
  return {
    server: env.ROSTRUM_URL || undefined,
    token: env.ROSTRUM_TOKEN || undefined,
    competition: env.ROSTRUM_COMPETITION || undefined,
    configFolder: folder(env.XDG_CONFIG_HOME, '.config'),
    stateFolder: folder(env.XDG_STATE_HOME, '.local/state'),
    cacheFolder: folder(env.XDG_CACHE_HOME, '.cache'),
    proxies: env,
  };
}

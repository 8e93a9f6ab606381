import { Command } from 'commander';
import type { Translate } from '#lib/messages/translate.ts';
import { knownAddress } from '../client/address.ts';
import { clientEnvironment } from '../client/environment.mjs';
import { readConfiguration, writeConfiguration } from '../client/kept.ts';
import { print } from '../client/session.ts';
import { WrongUsageError } from './problems.ts';

/** `rostrum logout`: forgets a server's token. It stays good elsewhere until it is revoked on the account page, which is said. */
export function logoutCommand(t: Translate): Command {
  return new Command('logout').argument('[url]', t('client.login-url')).action((url: string | undefined) => {
    const environment = clientEnvironment();
    const configuration = readConfiguration(environment);
    const typed = url ?? environment.server ?? configuration.server;
    if (typed === undefined) throw new WrongUsageError([t('client.no-server')]);
    const address = knownAddress(typed, configuration.servers, t);
    const { [address]: forgotten, ...servers } = configuration.servers;
    const { server } = configuration;
    writeConfiguration(environment, { servers, ...(server === undefined || server === address ? {} : { server }) });
    print(t(forgotten === undefined ? 'client.logout-nothing' : 'client.logout-done', { server: address }));
  });
}

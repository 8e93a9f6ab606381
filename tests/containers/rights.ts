import { docker } from './engine.ts';
import type { Container, Trial } from './trial.ts';

/*
 * What the process in a container may do, asked of the process itself. Every refusal has beside it what has to work by the same question.
 */

type Rights = {
  user: string;
  capabilities: string;
  gainsNoPrivileges: boolean;
  secrets: string[];
  /** Names of variables that open a database. */
  addresses: string[];
  writable: string[];
};

/** Runs in the container, as its user. */
const question = `
  const fs = require('node:fs');
  const status = fs.readFileSync('/proc/1/status', 'utf8');
  const field = (name) => new RegExp('^' + name + ':\\\\s*(.*)$', 'm').exec(status)[1];
  const canWrite = (folder) => {
    try {
      fs.writeFileSync(folder + '/probe', 'x');
      fs.rmSync(folder + '/probe');
      return true;
    } catch {
      return false;
    }
  };
  const readable = fs.readdirSync('/run/secrets').filter((name) => {
    try {
      return fs.readFileSync('/run/secrets/' + name).length > 0;
    } catch {
      return false;
    }
  });
  const variables = fs.readFileSync('/proc/1/environ', 'utf8').split('\\0').map((line) => line.split('=')[0]);
  console.log(JSON.stringify({
    user: process.getuid() + ':' + process.getgid(),
    capabilities: field('CapEff') + field('CapPrm') + field('CapBnd'),
    gainsNoPrivileges: field('NoNewPrivs') === '1',
    secrets: readable.sort(),
    addresses: variables.filter((name) => name.startsWith('DATABASE_URL')).sort(),
    writable: ['/', '/etc', '/rostrum', '/rostrum/dist', '/rostrum/.next/cache', '/tmp', '/data', '/run/secrets'].filter(canWrite),
  }));
`;

function rightsIn({ id }: Container): Rights {
  return JSON.parse(docker('exec', id, 'node', '-e', question));
}

const expected: Record<'web' | 'worker', Rights> = {
  web: {
    user: '10001:10000',
    capabilities: '0'.repeat(48),
    gainsNoPrivileges: true,
    secrets: ['rostrum_secret', 's3_secret', 'web_url'],
    addresses: ['DATABASE_URL_WEB_FILE'],
    writable: ['/rostrum/.next/cache', '/tmp', '/data'],
  },
  worker: {
    user: '10002:10000',
    capabilities: '0'.repeat(48),
    gainsNoPrivileges: true,
    secrets: ['rostrum_secret', 's3_secret', 'scorer_url'],
    addresses: ['DATABASE_URL_SCORER_FILE'],
    writable: ['/tmp', '/data'],
  },
};

/** What each process may do beyond what is meant, or cannot do of it, in sentences. */
export function surprisingRights(trial: Trial): string[] {
  return (['web', 'worker'] as const).flatMap((service) =>
    trial.containersOf(service).flatMap((container) => {
      const rights = rightsIn(container);
      const kinds = Object.keys(rights) as (keyof Rights)[];
      const differing = kinds.filter(
        (kind) => JSON.stringify(rights[kind]) !== JSON.stringify(expected[service][kind]),
      );
      return differing.map((kind) => `${container.name}: ${kind} is ${rights[kind]}, not ${expected[service][kind]}`);
    }),
  );
}

/** Whether a query that reads hidden references is refused to the web's role, in its own container, with the address it was given. */
export function labelsAreShutTo({ id }: Container, address: 'web_url' | 'scorer_url'): boolean {
  const query = `
    const { Client } = require('pg');
    const client = new Client({ connectionString: require('node:fs').readFileSync('/run/secrets/${address}', 'utf8') });
    const asked = client.connect().then(() => client.query('select * from hidden.test_references'));
    asked.then(() => console.log('read'), (error) => console.log(error.code)).finally(() => client.end());
  `;
  return docker('exec', id, 'node', '-e', query) === '42501';
}

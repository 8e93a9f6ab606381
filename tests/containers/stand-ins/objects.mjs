// In place of MinIO: s3rver behind the same command, with the key that MinIO is given.
import { mkdirSync, readFileSync } from 'node:fs';
import S3rver from 's3rver';
import { DUMMY_ACCOUNT } from 's3rver/lib/models/account.js';

const secret = readFileSync(process.env.MINIO_ROOT_PASSWORD_FILE, 'utf8');
DUMMY_ACCOUNT.createKeyPair(process.env.MINIO_ROOT_USER, secret);
const directory = process.argv.at(-1);
mkdirSync(directory, { recursive: true });
const server = new S3rver({ directory, address: '0.0.0.0', port: 9000, silent: true, vhostBuckets: false });
server.run();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));

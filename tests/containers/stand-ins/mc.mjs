// In place of MinIO's client: `mc alias set NAME URL KEY SECRET` and `mc mb --ignore-existing NAME/BUCKET`.
import { readFileSync, writeFileSync } from 'node:fs';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';

const kept = '/tmp/mc.json';
const clientOf = ({ endpoint, accessKeyId, secretAccessKey }) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });

async function main([command, ...rest]) {
  if (command === 'alias') {
    const [, , endpoint, accessKeyId, secretAccessKey] = rest;
    const place = { endpoint, accessKeyId, secretAccessKey };
    await clientOf(place).send(new ListBucketsCommand({}));
    writeFileSync(kept, JSON.stringify(place));
    return;
  }
  const client = clientOf(JSON.parse(readFileSync(kept, 'utf8')));
  await client.send(new CreateBucketCommand({ Bucket: rest.at(-1).split('/')[1] })).catch((error) => {
    if (!['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name)) throw error;
  });
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

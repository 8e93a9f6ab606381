import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/*
 * The least that a receipt can cost: node:http and one committed INSERT of the body, in a process of its own. Started by receipts.ts
 * with the address of the database; tells the port.
 */

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
await pool.query('create table bench_bare (id bigserial primary key, content bytea not null)');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { rows } = await pool.query('insert into bench_bare (content) values ($1) returning id', [
      Buffer.concat(chunks),
    ]);
    response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id: rows[0].id }));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

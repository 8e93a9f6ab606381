import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to a PostgreSQL that breaks once, at the next COMMIT: before it gets there, or before its answer comes back. */
export type CutLine = {
  port: number;
  cutAtCommit(lost: 'question' | 'answer'): void;
  close(): void;
};

export async function aCutLine(port: number): Promise<CutLine> {
  let next: 'question' | 'answer' | null = null;
  const server = createServer((client) => {
    const onward = connect(port, '127.0.0.1');
    const cut = () => {
      client.destroy();
      onward.destroy();
    };
    for (const socket of [client, onward]) socket.on('error', cut).on('close', cut);
    let isAnswerLost = false;
    client.on('data', (asked) => {
      const lost = asked.includes('commit\0') ? next : null;
      if (lost !== null) next = null;
      if (lost === 'question') return cut();
      isAnswerLost = lost === 'answer';
      onward.write(asked);
    });
    // The answer to a COMMIT comes when it is on the disk.
    onward.on('data', (answered) => (isAnswerLost ? cut() : client.write(answered)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAtCommit(lost) {
      next = lost;
    },
    close: () => server.close(),
  };
}

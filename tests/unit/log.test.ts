import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, test } from 'vitest';
import { createLogger } from '#lib/log.ts';
import { loggedPath } from '../../bin/server/request.ts';

function linesOf(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ write: (line) => void lines.push(line) }));
  return lines.join('');
}

test('keys that hold secrets are not written, however they come in', () => {
  const lines = linesOf((log) => {
    log.info({ password: 'hunter2', token: 'hunter2' }, 'a');
    log.info(
      { user: { passwordHash: 'hunter2' }, request: { headers: { cookie: 'hunter2', authorization: 'hunter2' } } },
      'b',
    );
  });
  expect(lines).toContain('[redacted]');
  expect(lines).not.toContain('hunter2');
});

test('secrets inside texts are not written', () => {
  const lines = linesOf((log) => {
    log.info('connecting to postgresql://owner:hunter2@127.0.0.1/rostrum');
    log.info({ header: 'Bearer hunter2' }, 'GET /confirm?token=hunter2&next=/');
  });
  expect(lines).toContain('postgresql://owner:[redacted]@127.0.0.1/rostrum');
  expect(lines).not.toContain('hunter2');
});

test('a failed query is written without the values it carried, its cause without the values it quotes', () => {
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "users_email_key_key"'), {
    code: '23505',
    detail: 'Key (email_key)=(anna@example.org) already exists.',
  });
  const error = new DrizzleQueryError(
    'insert into users values ($1)',
    ['anna@example.org', Buffer.from('hunter2')],
    cause,
  );
  const lines = linesOf((log) => log.error({ err: error }, 'request failed'));
  expect(lines).toContain('insert into users values ($1)');
  expect(lines).toContain('23505');
  expect(lines).not.toMatch(/anna|hunter2/);
});

test('the path of a request is logged without its query and without the secret of a link', () => {
  expect(
    ['/stage/s3cret', '/jury/s3cret?x=1', '/join/s3cret/more', '/rostrum/join/s3cret'].map(loggedPath).join(),
  ).not.toContain('s3cret');
  expect(loggedPath('/c/open/board?token=s3cret')).toBe('/c/open/board');
});

test('what somebody sends is one line, whatever it holds', () => {
  const forged = 'x\n{"level":30,"msg":"signed in"}\r\n\u2028\u001b[2J';
  const lines = linesOf((log) => log.info({ name: forged, err: new Error(forged) }, forged));
  expect(lines.trimEnd().split(/[\r\n]/)).toHaveLength(1);
  expect(JSON.parse(lines).msg).toBe(forged);
});

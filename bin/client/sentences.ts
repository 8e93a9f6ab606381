import type { Translate } from '#lib/messages/translate.ts';
import { harmless } from '../commands/report/width.ts';
import { instantIn } from './instants.ts';
import {
  DamagedDownloadError,
  NoRoomError,
  NoRostrumError,
  type ProblemDocument,
  RefusedByServerError,
  UnreachableError,
  WrongTokenError,
} from './refusals.ts';
import { codeOf } from './server.ts';
import { reasonOf } from './waiting-line.ts';

/** Why the client could not do its work, and what to do: `lines` for people, `problem` for --json. */
export type Explained = { code: number; lines: readonly string[]; problem: ProblemDocument };

/** Null for errors that are none of the client's. */
export function explainClient(error: unknown, t: Translate): Explained | null {
  if (error instanceof RefusedByServerError) return explainRefusal(error, t);
  const known = sentenceOf(error, t);
  if (known === null) return null;
  const { code, sentence, hints = [] } = known;
  return { code: 3, lines: [sentence, ...hints], problem: { status: 0, code, detail: sentence } };
}

type Known = { code: string; sentence: string; hints?: readonly string[] };

function sentenceOf(error: unknown, t: Translate): Known | null {
  if (error instanceof UnreachableError) return unreachable(error, t);
  if (error instanceof NoRostrumError) {
    const { server, status } = error;
    return { code: 'no-rostrum', sentence: t('client.no-rostrum', { server, status }) };
  }
  if (error instanceof WrongTokenError) {
    const { server, isLikeOne } = error;
    return {
      code: 'unauthenticated',
      sentence: t(isLikeOne ? 'client.token-wrong' : 'client.token-strange', { server }),
    };
  }
  if (error instanceof DamagedDownloadError) {
    return { code: 'damaged', sentence: t('client.download-damaged', { url: error.url }) };
  }
  if (error instanceof NoRoomError) {
    const { folder, neededBytes, freeBytes } = error;
    const values = { folder, needed: neededBytes / 1e6, free: freeBytes / 1e6 };
    return { code: 'disk-full', sentence: t('client.no-room', values) };
  }
  return null;
}

/** With a guess at what was mistyped, where the error gives one. */
function unreachable({ server, cause }: UnreachableError, t: Translate): Known {
  const code = codeOf(cause);
  const sentence = t('client.unreachable', { server, reason: reasonOf(code, t) });
  const isHttps = server.startsWith('https:');
  const other = server.replace(/^https?:/, isHttps ? 'http:' : 'https:');
  const speaksPlain = isHttps && /EPROTO|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/.test(code);
  const speaksTls = !isHttps && /ECONNRESET|HPE_/.test(code);
  if (speaksPlain || speaksTls) return { code: 'unreachable', sentence, hints: [t('client.try-other', { other })] };
  const isDistrusted = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code);
  return { code: 'unreachable', sentence, hints: isDistrusted ? [t('client.certificate-hint')] : [] };
}

/** Problems of the file like those of any file here; else the server's sentence and what to do about it. */
function explainRefusal({ server, problem, hadToken, file }: RefusedByServerError, t: Translate): Explained {
  const { errors = [], code, detail } = problem;
  const problems = errors.map((one) => `${file}:${one.line}:${one.column}: ${one.code}: ${one.message}`);
  const more = Number(problem.count ?? 0) - errors.length;
  if (problems.length > 0 && more > 0) {
    problems.push(`${file}: ${t('cli.more-problems', { more, total: Number(problem.count) })}`);
  }
  const sentence = problems.length > 0 ? [] : [detail || code];
  const hint = hintOf(server, problem, hadToken, t);
  const lines = [...problems, ...sentence, ...(hint === null ? [] : [hint])].map(harmless);
  return { code: problem.status === 422 || errors.length > 0 ? 1 : 3, lines, problem };
}

function hintOf(server: string, problem: ProblemDocument, hadToken: boolean, t: Translate): string | null {
  const timeZone = typeof problem.timeZone === 'string' ? problem.timeZone : undefined;
  const instant = instantIn(t('cli.report-language') === 'ru' ? 'ru' : 'en', timeZone);
  const at = (value: unknown) => (typeof value === 'string' ? instant(value) : null);
  switch (problem.code) {
    case 'unauthenticated':
      return t(hadToken ? 'client.hint-token' : 'client.hint-no-token', { server });
    case 'scope':
      return t('client.hint-scope', { server });
    case 'rules':
    case 'team':
      return t('client.hint-pages', { server });
    case 'phase':
      return at(problem.opensAt) === null ? null : t('client.hint-opens', { at: at(problem.opensAt)! });
    case 'quota':
      return at(problem.resetsAt) === null ? null : t('client.hint-quota', { at: at(problem.resetsAt)! });
    case 'not-found':
      return t('client.hint-not-found');
    default:
      return null;
  }
}

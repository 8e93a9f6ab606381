import type { LeaderboardAnswer, ReceiptAnswer, SubmissionAnswer, SubmissionSummary } from '#lib/api/answers.ts';
import type { Translate } from '#lib/messages/translate.ts';
import { harmless } from '../commands/report/width.ts';
import type { Session } from './session.ts';

/** What the server took, and what it cost. */
export function receiptLines(receipt: ReceiptAnswer, instant: (at: string) => string, t: Translate): string[] {
  const { id, receivedAt, quota, late } = receipt;
  const cost = late
    ? t('client.receipt-late')
    : quota === null
      ? t('client.receipt-free')
      : t('client.receipt-quota', { used: quota.used, limit: quota.limit });
  return [t('client.receipt', { at: instant(receivedAt), id, cost })];
}

/** WER with its interval, '' where there is none; on dev in hundredths of a percent, as everything is known there. */
export function scoreText({ score, split }: Pick<SubmissionSummary, 'score' | 'split'>, t: Translate): string {
  if (score === null || score.wer === null) return '';
  const digits = split === 'dev' ? 'fine' : 'coarse';
  const wer = t(`client.rate-${digits}`, { rate: score.wer });
  return score.interval === null
    ? wer
    : wer + t(`client.interval-${digits}`, { low: score.interval[0], high: score.interval[1] });
}

/** How a submission ended, or where it stands. */
export function outcomeLines(submission: SubmissionAnswer, rank: Rank | null, t: Translate): string[] {
  const { state, late, score, verdict, split, failure, errorCount, voided } = submission;
  if (voided) return [t('client.outcome-voided')];
  if (state === 'queued' && late) return [t('client.outcome-late')];
  if (state === 'queued' || state === 'scoring') {
    return [t(`client.state-line-${state}`, { position: submission.queuePosition ?? 0 })];
  }
  if (state === 'rejected') return [t('client.outcome-rejected', { count: errorCount })];
  if (state === 'failed') return [t('client.outcome-failed', { reason: failure ?? '' })];
  const text = scoreText(submission, t);
  const lines = [
    text === '' ? t(`client.verdict-${verdict ?? 'none'}`) : t(`client.outcome-${split}`, { score: text }),
  ];
  const revealed = score?.test?.private;
  if (revealed?.wer != null) lines.push(t('client.outcome-private', { wer: revealed.wer }));
  if (rank !== null) lines.push(t('client.rank', { rank: rank.rank, ranked: rank.ranked, team: harmless(rank.team) }));
  return lines;
}

export type Rank = { rank: number; ranked: number; team: string };

/** The team's place on the public board; null where it has none there. */
export async function findRank({ server }: Session, slug: string): Promise<Rank | null> {
  const path = `/competitions/${encodeURIComponent(slug)}`;
  const [board, { team }] = await Promise.all([
    server.json<LeaderboardAnswer>(`${path}/leaderboard`),
    server.json<{ team: { id: string; name: string } | null }>(`${path}/me`),
  ]);
  const row = team && board.rows.find(({ teamId }) => teamId === team.id);
  if (row === null || row === undefined || row.rank === null) return null;
  return { rank: row.rank, ranked: board.rows.filter(({ rank }) => rank !== null).length, team: row.team };
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

/*
 * deploy/prometheus/alerts.yml, by Prometheus' own program: each alert fires where what it is about happens, and stays silent on a
 * quiet day. `pending` is a value of its series after which it must not be told yet, `firing` one after which it must.
 */

const folder = mkdtempSync(join(tmpdir(), 'rostrum-alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const rulesFile = join(import.meta.dirname, '../../deploy/prometheus/alerts.yml');

type Series = Record<string, string>;
type Provoked = { changed: Series; firing: number; pending: number; everyMinutes?: number };

const of = (name: string, labels = '') => `${name}{job="rostrum",instance="web:3000"${labels}}`;
const asked = (code: string) => of('rostrum_http_requests_total', `,code="${code}",route="/",method="GET"`);
const answered = (le: string) =>
  of('rostrum_http_request_duration_seconds_bucket', `,class="2xx",route="/",le="${le}"`);
const failedJobs = of('rostrum_worker_jobs_total', ',worker="a",kind="score-submission",outcome="failed"');
const free = of('rostrum_worker_disk_free_bytes', ',worker="a"');

/** A value every so many minutes; `a+bxn` is Prometheus' word for n more values, each b above the one before. */
const quietDay = (everyMinutes: number): Series => ({
  [of('rostrum_build_info', ',version="1"')]: '1x300',
  [of('rostrum_database_up')]: '1x300',
  [of('rostrum_workers')]: '2x300',
  [of('rostrum_submissions_oldest_waiting_seconds')]: '3x300',
  [asked('200')]: '0+600x300',
  [asked('500')]: '0+1x300',
  [answered('0.1')]: '0+600x300',
  [answered('5')]: '0+600x300',
  [answered('+Inf')]: '0+600x300',
  [failedJobs]: '4x300',
  [of('rostrum_database_pool_waiting')]: '1x300',
  [of('nodejs_eventloop_lag_p99_seconds')]: '0.02x300',
  [of('rostrum_mails_oldest_waiting_seconds')]: '40x300',
  [free]: '50x300',
  [of('rostrum_worker_disk_size_bytes', ',worker="a"')]: '100x300',
  // Just made, whenever somebody looks.
  [of('rostrum_last_backup_timestamp_seconds')]: `0+${everyMinutes * 60}x300`,
});

const provoked: Record<string, Provoked> = {
  RostrumGone: { changed: { [of('rostrum_build_info', ',version="1"')]: '1x9 stale' }, firing: 13, pending: 9 },
  RostrumDatabaseGone: { changed: { [of('rostrum_database_up')]: '1x9 0x60' }, firing: 12, pending: 9 },
  RostrumNobodyScores: { changed: { [of('rostrum_workers')]: '2x9 0x60' }, firing: 12, pending: 9 },
  RostrumScoresLate: {
    changed: { [of('rostrum_submissions_oldest_waiting_seconds')]: '0+60x60' },
    firing: 5,
    pending: 2,
  },
  RostrumFails: { changed: { [asked('500')]: '0x9 12+12x60' }, firing: 20, pending: 9 },
  RostrumSlow: { changed: { [answered('0.1')]: '0+300x60' }, firing: 20, pending: 8 },
  RostrumScoringFails: { changed: { [failedJobs]: '4x9 5x60' }, firing: 11, pending: 9 },
  RostrumWaitsForConnections: {
    changed: { [of('rostrum_database_pool_waiting')]: '1x9 30x60' },
    firing: 13,
    pending: 10,
  },
  RostrumBlocked: { changed: { [of('nodejs_eventloop_lag_p99_seconds')]: '0.02x9 0.9x60' }, firing: 16, pending: 12 },
  RostrumMailStuck: { changed: { [of('rostrum_mails_oldest_waiting_seconds')]: '0+60x90' }, firing: 43, pending: 35 },
  RostrumDiskLow: { changed: { [free]: '50x9 5x60' }, firing: 21, pending: 15 },
  RostrumNoBackup: {
    changed: { [of('rostrum_last_backup_timestamp_seconds')]: '0x300' },
    firing: 100,
    pending: 96,
    everyMinutes: 30,
  },
};

type Rule = { alert: string; labels: Record<string, string>; annotations: Record<string, string> };
const rules: Rule[] = parse(readFileSync(rulesFile, 'utf8')).groups[0].rules;

/** What promtool says of the alert after so many values; null where all is as it should be. */
function troubleWith(alert: string, series: Series, expected: Record<number, boolean>, everyMinutes = 1) {
  const tests = Object.entries(expected).map(([values, fires]) => ({
    interval: `${everyMinutes}m`,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
        eval_time: `${Number(values) * everyMinutes}m`,
        exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  }));
  const path = join(folder, `${alert}.yml`);
  writeFileSync(path, stringify({ rule_files: [rulesFile], evaluation_interval: `${everyMinutes}m`, tests }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', path], { encoding: 'utf8' });
  return status === 0 ? null : stdout + stderr;
}

test('each alert has a case of its own', () => {
  expect(rules.map(({ alert }) => alert).sort()).toEqual(Object.keys(provoked).sort());
});

const withPromtool = test.skipIf(spawnSync('promtool', ['--version']).error !== undefined);

withPromtool.each(Object.keys(provoked))(
  '%s fires when it is provoked, not before, and not on a quiet day',
  (alert) => {
    const { changed, firing, pending, everyMinutes = 1 } = provoked[alert]!;
    const quiet = quietDay(everyMinutes);
    const trouble = (series: Series, expected: Record<number, boolean>) =>
      troubleWith(alert, series, expected, everyMinutes);
    expect(trouble({ ...quiet, ...changed }, { [pending]: false, [firing]: true })).toBeNull();
    expect(trouble(quiet, { [pending]: false, [firing]: false })).toBeNull();
    // Control: that it fires on a quiet day is refused.
    expect(trouble(quiet, { [firing]: true })).not.toBeNull();
  },
);

withPromtool('an installation that never made a backup is told of, too', () => {
  const { [of('rostrum_last_backup_timestamp_seconds')]: _, ...never } = quietDay(1);
  expect(troubleWith('RostrumNoBackup', never, { 30: false, 90: true })).toBeNull();
});

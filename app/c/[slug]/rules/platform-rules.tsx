import Link from 'next/link';
import type { ReactNode } from 'react';
import { quotaResetsAt } from '#lib/competition.ts';
import { findLadderThreshold } from '#lib/db/ladder.ts';
import { freeUploads } from '#lib/db/submissions.ts';
import { webDatabase } from '#lib/db/web.ts';
import { bodySeconds } from '#lib/upload-body.ts';
import { profileHash } from '#scoring/profile-hash.ts';
import { isProfileName, profiles } from '#scoring/wer/normalise.ts';
import { ProfileExample } from '#ui/profile-example.tsx';
import { RuleList } from '../normalise/rule-list.tsx';
import type { Visit } from '../visit.ts';

type Rule = { title: string; text: ReactNode };

/** The rules that the platform itself keeps, with this competition's numbers in them. */
export async function PlatformRules({ visit }: { visit: Visit }) {
  const threshold = await findLadderThreshold(webDatabase(), visit.competition);
  return (
    <section>
      <h3 className="mb-4 text-xl font-semibold tracking-tight">{visit.t('competition.platform-rules')}</h3>
      <dl className="max-w-[68ch] divide-y divide-rule border-y border-rule">
        {rulesOf(visit, threshold).map(({ title, text }) => (
          <div key={title} className="gap-x-6 py-4 sm:grid sm:grid-cols-[13rem_1fr]">
            <dt className="font-semibold">{title}</dt>
            <dd className="mt-1 sm:mt-0">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function rulesOf(visit: Visit, threshold: number | null): Rule[] {
  const { t, formats, competition: c, now } = visit;
  const rule = (name: 'team' | 'quota' | 'free' | 'instant' | 'folds' | 'freeze', values: Values): Rule => ({
    title: t(`competition.rule-${name}`),
    text: t(`competition.rule-${name}-text`, values),
  });
  const print = (instant: Date) => formats.instant(instant, c.timeZone);
  const freeHourly = { rejected: freeUploads.rejected.attempts, dev: freeUploads.dev.attempts };
  return [
    rule('team', { size: c.teamSize, end: print(c.teamChangesEndAt) }),
    { title: t('people.rule-merge'), text: t('people.rule-merge-text') },
    rule('quota', { quota: c.dailyQuota, reset: print(quotaResetsAt(c, now)) }),
    rule('free', freeHourly),
    rule('instant', { seconds: bodySeconds, end: print(c.submissionsEndAt) }),
    { title: t('competition.rule-score'), text: t('competition.rule-score-text') },
    ...profileRule(visit),
    rule('folds', { percent: c.publicFoldPercent }),
    { title: t('competition.rule-rounding'), text: t('competition.rule-rounding-text') },
    { title: t('competition.rule-places'), text: t('competition.rule-places-text') },
    ...(c.freezesAt ? [rule('freeze', { freeze: print(c.freezesAt) })] : []),
    ...(c.policy === 'ladder' ? [ladderRule(visit, threshold)] : []),
  ];
}

/** `threshold` in thousandths; null until a baseline is scored. */
function ladderRule({ t, formats }: Visit, threshold: number | null): Rule {
  const text = (
    <>
      <p>{t('competition.rule-ladder-text')}</p>
      {threshold !== null && (
        <p className="mt-2">{t('competition.rule-ladder-threshold', { points: formats.points(-threshold / 1000) })}</p>
      )}
    </>
  );
  return { title: t('competition.rule-ladder'), text };
}

type Values = Record<string, string | number>;

/** What texts are read as before they are compared: in words, and by the fingerprint that every score carries. */
function profileRule(v: Visit): Rule[] {
  const { t, language, competition: c, slug } = v;
  const { profile, mapping } = c;
  if (!isProfileName(profile)) return [];
  const text = (
    <>
      <p className="mb-2">{t(`competition.profile-${profile}`)}</p>
      <RuleList t={t} profile={profile} mapping={mapping} />
      <div className="mt-3">
        <ProfileExample t={t} language={language} profile={profile} />
      </div>
      {mapping !== null && (
        <p className="mt-2">
          <a href={`/api/v1/competitions/${slug}/mapping.csv`} download className="link">
            {t('competition.rule-mapping-download')}
          </a>
        </p>
      )}
      <p className="mt-2 text-sm text-soft">
        {t('competition.rule-profile-version', { version: profiles[profile].version })}{' '}
        <code className="code break-all">{profileHash(profile, mapping)}</code>
      </p>
      <p className="mt-2">
        <Link href={`/c/${slug}/normalise`} prefetch={false} className="link">
          {t('scoring.normalise-link')}
        </Link>
      </p>
    </>
  );
  return [{ title: t('competition.rule-profile', { profile }), text }];
}

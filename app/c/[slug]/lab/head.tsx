import { bracketsRemovedBy } from '#scoring/wer/normalise.ts';
import { Button, buttonClass, LinkButton } from '#ui/button.tsx';
import { Facts } from '#ui/facts.tsx';
import { Select } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Panel } from '#ui/panel.tsx';
import { type Lab, nameOf } from './view.ts';

/** Files that can be chosen: the newest, and what is shown. */
const mostListed = 100;

/** Which file is looked into, how it did, and the ways to take that along. */
export function Head({ lab }: { lab: Lab }) {
  const { visit: v, file, split, analysis } = lab;
  const { t, formats, slug } = v;
  const { total, characters, wrong } = analysis;
  const utterances = split.utterances.length;
  const bracketed = analysis.hypotheses.filter((text) => bracketsRemovedBy(split.rules.profile, text)).length;
  const interval = (range: readonly [number, number] | null) =>
    range && t('lab.interval', { interval: formats.range(...range) });
  const download = (as: string) => `/c/${slug}/lab/download?file=${file.id}&as=${as}`;
  return (
    <Panel title={<span className="break-all">{t('lab.summary', { file: nameOf(lab, file), utterances })}</span>}>
      <Facts
        facts={[
          { term: t('lab.wer'), value: formats.percent(total.errorRate), note: interval(total.interval) },
          { term: t('lab.cer'), value: formats.percent(characters.errorRate), note: interval(characters.interval) },
          {
            term: t('lab.ser'),
            value: formats.percent(wrong / utterances),
            note: t('lab.ser-note', { wrong, total: utterances }),
          },
          {
            term: t('lab.counts'),
            value: [total.substitutions, total.deletions, total.insertions].map((n) => formats.number(n)).join(' · '),
            note: t('lab.counts-note', { words: total.reference }),
          },
        ]}
      />
      {bracketed > 0 && (
        <Notice kind="warning" className="mt-5">
          {t('lab.brackets', { count: bracketed, profile: split.rules.profile })}
        </Notice>
      )}
      <div className="mt-5 flex flex-wrap items-end gap-x-6 gap-y-4">
        <FileChoice lab={lab} />
        <div className="flex flex-wrap gap-3">
          <a href={download('csv')} download className={buttonClass('secondary', 'normal')}>
            {t('lab.csv')}
          </a>
          <a href={download('json')} download className={buttonClass('secondary', 'normal')}>
            {t('lab.json')}
          </a>
          <LinkButton look="secondary" href={`/c/${slug}/submit?split=dev`}>
            {t('lab.upload')}
          </LinkButton>
        </div>
      </div>
    </Panel>
  );
}

function FileChoice({ lab }: { lab: Lab }) {
  const { visit: v, files, file, other } = lab;
  const { t, formats, slug, competition } = v;
  if (files.length < 2) return null;
  const listed = files.filter((known, at) => at < mostListed || known === file || known === other?.file);
  const options = listed.map((known) => ({
    value: known.id,
    label: `${nameOf(lab, known)} · ${formats.shortInstant(known.receivedAt, competition.timeZone)}`,
  }));
  return (
    <form action={`/c/${slug}/lab`} className="flex flex-wrap items-end gap-3">
      {/* Another form for another choice: a browser that restores forms must not mix what is shown with what is typed. */}
      <Select key={`file ${file.id}`} name="file" label={t('lab.file')} options={options} defaultValue={file.id} />
      <Select
        key={`against ${other?.file.id}`}
        name="against"
        label={t('lab.against')}
        options={[{ value: '', label: t('lab.against-none') }, ...options]}
        defaultValue={other?.file.id ?? ''}
      />
      <Button type="submit">{t('lab.show')}</Button>
    </form>
  );
}

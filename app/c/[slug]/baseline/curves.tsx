import type { CurvePoint } from '#lib/model-papers.ts';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../visit.ts';
import { type ChartLine, CurveChart } from './curve-chart.tsx';

type Here = Pick<Visit, 't' | 'formats'>;
/** `name` is the model's, unique on the page. */
type CurvesProps = { here: Here; curve: readonly CurvePoint[]; name: string };
type DevPoint = CurvePoint & { dev: NonNullable<CurvePoint['dev']> };

/** How the training went, epoch by epoch: in pictures, in a sentence and in numbers. */
export function Curves({ here, curve, name }: CurvesProps) {
  const { t } = here;
  const dev = curve.filter((point): point is DevPoint => point.dev !== null);
  const lowest = (a: DevPoint, b: DevPoint) => (b.dev.characterErrorRate < a.dev.characterErrorRate ? b : a);
  const best = dev.length === 0 ? null : dev.reduce(lowest);
  const mark = best === null ? undefined : { x: best.epoch, label: t('baseline.page-chosen-epoch') };
  const charts = { here, name, curve, dev, common: { xLabel: t('baseline.page-epoch'), mark } };
  return (
    <div className="space-y-6">
      <p className="max-w-prose">
        {t('baseline.page-training-text')} {best !== null && <Outcome here={here} best={best} last={dev.at(-1)!} />}
      </p>
      <div className="grid gap-x-8 gap-y-8 md:grid-cols-2 lg:grid-cols-3">
        <LossChart {...charts} />
        {dev.length > 0 && <ErrorChart {...charts} />}
        <RateChart {...charts} />
      </div>
      <Numbers here={here} curve={curve} />
    </div>
  );
}

type OneChartProps = CurvesProps & {
  dev: readonly DevPoint[];
  common: Pick<Parameters<typeof CurveChart>[0], 'xLabel' | 'mark'>;
};

function LossChart({ here: { t, formats }, name, curve, dev, common }: OneChartProps) {
  const last = curve.at(-1)!;
  const values = {
    from: formats.number(curve[0]!.trainLoss, 2),
    to: formats.number(last.trainLoss, 2),
    dev: last.dev === null ? 'none' : formats.number(last.dev.loss, 2),
  };
  return (
    <CurveChart
      id={`loss-${name}`}
      title={t('baseline.page-loss')}
      description={t('baseline.page-loss-text', values)}
      lines={linesOf([
        [t('baseline.page-train'), 'plain', curve.map(({ epoch, trainLoss }) => [epoch, trainLoss])],
        ['dev', 'accent', dev.map((point) => [point.epoch, point.dev.loss])],
      ])}
      print={formats.number}
      {...common}
    />
  );
}

function ErrorChart({ here: { t, formats }, name, dev, common }: OneChartProps) {
  const { characterErrorRate, wordErrorRate } = dev.at(-1)!.dev;
  const values = { cer: formats.percent(characterErrorRate), wer: formats.percent(wordErrorRate) };
  return (
    <CurveChart
      id={`errors-${name}`}
      title={t('baseline.page-errors')}
      description={t('baseline.page-errors-text', values)}
      lines={linesOf([
        ['WER', 'plain', dev.map((point) => [point.epoch, point.dev.wordErrorRate])],
        ['CER', 'accent', dev.map((point) => [point.epoch, point.dev.characterErrorRate])],
      ])}
      print={(value) => formats.percent(value, 0)}
      {...common}
    />
  );
}

function RateChart({ here: { t, formats }, name, curve, common }: OneChartProps) {
  const points = curve.map(({ epoch, learningRate }) => [epoch, learningRate] as const);
  const most = formats.number(Math.max(...points.map(([, rate]) => rate)), 5);
  return (
    <CurveChart
      id={`rate-${name}`}
      title={t('baseline.page-rate')}
      description={t('baseline.page-rate-text', { most })}
      lines={linesOf([[t('baseline.page-rate'), 'accent', points]])}
      print={formats.number}
      {...common}
    />
  );
}

function linesOf(all: readonly (readonly [string, ChartLine['look'], ChartLine['points']])[]): ChartLine[] {
  return all.filter(([, , points]) => points.length > 0).map(([label, look, points]) => ({ label, look, points }));
}

/** Which epoch was taken, and how far train and dev are apart in the last one: the gap is what was learned by heart. */
function Outcome({ here: { t, formats }, best, last }: { here: Here; best: DevPoint; last: DevPoint }) {
  const gap = last.dev.loss - last.trainLoss;
  const values = {
    epoch: best.epoch,
    last: last.epoch,
    train: formats.number(last.trainLoss, 2),
    dev: formats.number(last.dev.loss, 2),
  };
  return (
    <>
      {t('baseline.page-outcome', values)} {t(gap > 0 ? 'baseline.page-gap' : 'baseline.page-no-gap', values)}
    </>
  );
}

function Numbers({ here: { t, formats }, curve }: Omit<CurvesProps, 'name'>) {
  const columns = [
    { label: t('baseline.page-epoch'), look: 'number' },
    { label: t('baseline.page-train-loss'), look: 'number' },
    { label: t('baseline.page-dev-loss'), look: 'number' },
    { label: 'dev CER', look: 'number' },
    { label: 'dev WER', look: 'number' },
    { label: t('baseline.page-rate'), look: 'number' },
  ];
  return (
    <details>
      <summary className="link inline-block">{t('baseline.page-numbers')}</summary>
      <div className="mt-4">
        <Table caption={t('baseline.page-numbers-caption')} columns={columns}>
          {curve.map(({ epoch, trainLoss, dev, learningRate }) => (
            <tr key={epoch}>
              <th scope="row" className="number">
                {epoch}
              </th>
              <td className="number">{formats.number(trainLoss, 3)}</td>
              <td className="number">{dev === null ? '—' : formats.number(dev.loss, 3)}</td>
              <td className="number">{formats.percent(dev?.characterErrorRate ?? null)}</td>
              <td className="number">{formats.percent(dev?.wordErrorRate ?? null)}</td>
              <td className="number">{formats.number(learningRate, 6)}</td>
            </tr>
          ))}
        </Table>
      </div>
    </details>
  );
}

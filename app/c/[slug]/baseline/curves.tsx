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
  const { t, formats } = here;
  const dev = curve.filter((point): point is DevPoint => point.dev !== null);
  const best =
    dev.length === 0 ? null : dev.reduce((a, b) => (b.dev.characterErrorRate < a.dev.characterErrorRate ? b : a));
  const mark = best === null ? undefined : { x: best.epoch, label: t('baseline.page-chosen-epoch') };
  const xLabel = t('baseline.page-epoch');
  const number = (value: number, decimals: number) => formats.number(value, decimals);
  const first = curve[0]!;
  const last = curve.at(-1)!;
  return (
    <div className="space-y-6">
      <p className="max-w-prose">
        {t('baseline.page-training-text')} {best !== null && <Outcome here={here} best={best} last={dev.at(-1)!} />}
      </p>
      <div className="grid gap-x-8 gap-y-8 md:grid-cols-2 lg:grid-cols-3">
        <CurveChart
          id={`loss-${name}`}
          title={t('baseline.page-loss')}
          description={t('baseline.page-loss-text', {
            from: formats.number(first.trainLoss, 2),
            to: formats.number(last.trainLoss, 2),
            dev: last.dev === null ? 'none' : formats.number(last.dev.loss, 2),
          })}
          lines={linesOf([
            [t('baseline.page-train'), 'plain', curve.map(({ epoch, trainLoss }) => [epoch, trainLoss])],
            ['dev', 'accent', dev.map((point) => [point.epoch, point.dev.loss])],
          ])}
          print={number}
          {...{ xLabel, mark }}
        />
        {dev.length > 0 && (
          <CurveChart
            id={`errors-${name}`}
            title={t('baseline.page-errors')}
            description={t('baseline.page-errors-text', {
              cer: formats.percent(dev.at(-1)!.dev.characterErrorRate),
              wer: formats.percent(dev.at(-1)!.dev.wordErrorRate),
            })}
            lines={linesOf([
              ['WER', 'plain', dev.map((point) => [point.epoch, point.dev.wordErrorRate])],
              ['CER', 'accent', dev.map((point) => [point.epoch, point.dev.characterErrorRate])],
            ])}
            print={(value) => formats.percent(value, 0)}
            {...{ xLabel, mark }}
          />
        )}
        <CurveChart
          id={`rate-${name}`}
          title={t('baseline.page-rate')}
          description={t('baseline.page-rate-text', {
            most: formats.number(Math.max(...curve.map(({ learningRate }) => learningRate)), 5),
          })}
          lines={linesOf([
            [t('baseline.page-rate'), 'accent', curve.map(({ epoch, learningRate }) => [epoch, learningRate])],
          ])}
          print={number}
          {...{ xLabel, mark }}
        />
      </div>
      <Numbers here={here} curve={curve} />
    </div>
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

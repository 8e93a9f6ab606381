import { type BaselineModelSummary, modelFolder } from '#lib/baseline-models.ts';
import { webEnv } from '#lib/env.ts';
import { type ModelPapers, readModelPapers } from '#lib/model-papers.ts';
import { Markdown } from '#ui/markdown.tsx';
import { Curves } from '../../../c/[slug]/baseline/curves.tsx';
import type { Desk } from '../desk.ts';

type ModelsProps = { desk: Desk; models: readonly BaselineModelSummary[] };

/** Card and curves of each model, to be opened before it is run. */
export async function BaselineModels({ desk, models }: ModelsProps) {
  const read = await Promise.all(models.map(({ name }) => readModelPapers(webEnv().home, name)));
  const papers = read.filter((each) => each !== null);
  return (
    <div className="mt-5 space-y-2">
      <h3 className="font-semibold">{desk.t('baseline.models-title')}</h3>
      {papers.map((each) => (
        <About key={each.name} desk={desk} papers={each} />
      ))}
    </div>
  );
}

function About({ desk, papers: { name, title, card, curve } }: { desk: Desk; papers: ModelPapers }) {
  const { t } = desk;
  return (
    <details>
      <summary className="link inline-block">{t('baseline.models-about', { name, title })}</summary>
      <div className="mb-6 mt-4 space-y-6">
        <p className="text-sm text-soft">
          {t('baseline.models-folder')} <code className="code break-all">{modelFolder(webEnv().home, name)}</code>
        </p>
        {curve.length === 0 ? (
          <p className="text-soft">{t('baseline.models-no-curves')}</p>
        ) : (
          <Curves here={desk} curve={curve} name={name} />
        )}
        {card === '' ? (
          <p className="text-soft">{t('baseline.models-no-card')}</p>
        ) : (
          <div lang="en" className="overflow-x-auto [&_td:nth-last-child(-n+2)]:whitespace-nowrap">
            <Markdown>{card}</Markdown>
          </div>
        )}
      </div>
    </details>
  );
}

import { webEnv } from '#lib/env.ts';
import type { ModelFile } from '#lib/model-files.ts';
import { type DataFact, type ModelPapers, type OfferedFile, trainingCommand } from '#lib/model-papers.ts';
import { Command } from '#ui/command.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { Panel } from '#ui/panel.tsx';
import { Table } from '#ui/table.tsx';
import type { Visit } from '../visit.ts';
import { Curves } from './curves.tsx';

type ModelProps = { visit: Visit; papers: ModelPapers };

/** A model of Rostrum's: what it is, how it became so, how to repeat it, and whom to name. */
export function Model({ visit, papers }: ModelProps) {
  const { t } = visit;
  return (
    <>
      {papers.curve.length > 0 && (
        <Panel title={t('baseline.page-training')}>
          <Curves here={visit} curve={papers.curve} name={papers.name} />
        </Panel>
      )}
      {papers.card !== '' && (
        <Panel title={t('baseline.page-card')}>
          <div lang="en" className="overflow-x-auto [&_td:nth-last-child(-n+2)]:whitespace-nowrap">
            <Markdown>{papers.card}</Markdown>
          </div>
        </Panel>
      )}
      <Panel title={t('baseline.page-repeat')}>
        <Repeat visit={visit} papers={papers} />
      </Panel>
      {papers.data.length > 0 && (
        <Panel title={t('baseline.page-sources')}>
          <Sources visit={visit} data={papers.data} />
        </Panel>
      )}
    </>
  );
}

function Repeat({ visit: { t, formats }, papers: { name, recipe, files, seed } }: ModelProps) {
  return (
    <div className="space-y-6">
      <div>
        {recipe === null ? (
          <p className="max-w-prose">{t('baseline.page-no-recipe', { seed: String(seed) })}</p>
        ) : (
          <>
            <p className="mb-3 max-w-prose">{t('baseline.page-recipe', { length: recipe.length.kind })}</p>
            <Command t={t} text={trainingCommand(recipe)} />
          </>
        )}
      </div>
      <div>
        <h3 className="mb-2 font-semibold">{t('baseline.page-files')}</h3>
        <ul className="max-w-prose space-y-1">
          {files.map((file) => (
            <li key={file.name}>
              <a href={file.address} className="link font-medium">
                {file.name}
              </a>{' '}
              <span className="text-soft">
                {t(`baseline.page-file-${meanings[file.name]}`)}, {formats.bytes(file.bytes)}
              </span>
            </li>
          ))}
        </ul>
        <p className="mt-4 mb-2 max-w-prose text-soft">{t('baseline.page-use')}</p>
        <Command t={t} text={commandOf(name, files)} />
      </div>
    </div>
  );
}

const meanings: Record<ModelFile, 'card' | 'model' | 'weights' | 'language-model' | 'words' | 'recipe' | 'curves'> = {
  'MODEL_CARD.md': 'card',
  'model.json': 'model',
  'weights.bin': 'weights',
  'language-model.bin': 'language-model',
  'words.txt': 'words',
  'recipe.json': 'recipe',
  'curves.json': 'curves',
};

function commandOf(name: string, files: readonly OfferedFile[]): string {
  const names = files.map((file) => file.name).join(',');
  return [
    `curl -f --create-dirs '${webEnv().origin}/models/${name}/{${names}}' -o '${name}/#1'`,
    `rostrum baseline transcribe --model ${name} recordings/ --out predictions.csv`,
  ].join('\n');
}

function Sources({ visit: { t, formats }, data }: { visit: Visit; data: readonly DataFact[] }) {
  const columns = [
    { label: t('baseline.page-source') },
    { label: t('baseline.page-length'), look: 'number' },
    { label: t('baseline.page-licence') },
    { label: t('baseline.page-attribution') },
  ];
  return (
    <Table caption={t('baseline.page-sources-caption')} columns={columns}>
      {data.map(({ name, seconds, licence, attribution }) => (
        <tr key={name} lang="en">
          <th scope="row" className="min-w-44">
            {name}
          </th>
          <td className="number">{seconds === 0 ? t('baseline.page-texts') : formats.seconds(seconds)}</td>
          <td className="min-w-44">{licence || t('baseline.page-not-stated')}</td>
          <td className="min-w-56">{attribution || '—'}</td>
        </tr>
      ))}
    </Table>
  );
}

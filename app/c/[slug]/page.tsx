import { briefOf } from '#lib/competition.ts';
import { LinkButton } from '#ui/button.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { Markdown } from '#ui/markdown.tsx';
import { visit } from './visit.ts';

type Props = { params: Promise<{ slug: string }> };

export default async function BriefPage({ params }: Props) {
  const { competition, language, t, slug } = await visit((await params).slug);
  const brief = briefOf(competition, language);
  return (
    <>
      <h2 className="sr-only">{t('common.tab-brief')}</h2>
      {brief === '' ? (
        <EmptyState title={t('common.brief-empty')}>{t('common.brief-empty-text')}</EmptyState>
      ) : (
        <Markdown>{brief}</Markdown>
      )}
      <div className="mt-10 flex flex-wrap gap-3">
        <LinkButton href={`/c/${slug}/rules`}>{t('common.brief-rules')}</LinkButton>
        <LinkButton href={`/c/${slug}/board`} look="secondary">
          {t('common.tab-board')}
        </LinkButton>
      </div>
    </>
  );
}

import { PageTitle } from '#ui/page-title.tsx';
import { pageLanguage } from './language.ts';

export default async function HomePage() {
  const { t } = await pageLanguage();
  return <PageTitle lead={t('common.home-lead')}>{t('common.home-title')}</PageTitle>;
}

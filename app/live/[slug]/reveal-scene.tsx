import { revealWords } from '#lib/reveal-words.ts';
import { frameOf } from '../../../public/reveal.js';
import type { Scene } from './scene.ts';
import type { SceneProps } from './scene-view.tsx';

/** The reveal as far as it has come, by the code that goes on with it in the browser (public/reveal.js): it makes markup of plain data. */
export function RevealScene({ scene: { reveal }, language: { t, language } }: SceneProps<Scene & { name: 'reveal' }>) {
  const words = revealWords(t, language);
  const html = `${frameOf(reveal, words)}<p class="sr-only" role="status"></p>`;
  return (
    <main
      className="reveal"
      data-script="/reveal-scene.js"
      data-words={JSON.stringify(words)}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: every name in it is escaped where it is written
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

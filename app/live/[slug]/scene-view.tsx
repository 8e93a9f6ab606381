import type { Competition } from '#lib/competition.ts';
import type { PageLanguage } from '../../language.ts';
import { BoardScene } from './board-scene.tsx';
import { RevealScene } from './reveal-scene.tsx';
import type { Scene } from './scene.ts';
import { TalkScene } from './talk-scene.tsx';

export type SceneProps<S extends Scene = Scene> = {
  scene: S;
  competition: Competition;
  language: PageLanguage;
  now: Date;
  /** The page's public address, as people type it. */
  here: string;
};

/**
 * The part of the document that is a scene's own: one component for each. A `main` with `data-script` names a module of public/, whose
 * `enter(main, stage)` public/live.js calls whenever the scene was drawn anew; what that returns ends it. A module that has
 * `take(main, kind, body)`, too, may draw news itself: where it returns true the page is not fetched for them.
 */
export function SceneView({ scene, ...props }: SceneProps) {
  switch (scene.name) {
    case 'board':
      return <BoardScene scene={scene} {...props} />;
    case 'reveal':
      return <RevealScene scene={scene} {...props} />;
    case 'talk':
      return <TalkScene scene={scene} {...props} />;
  }
}

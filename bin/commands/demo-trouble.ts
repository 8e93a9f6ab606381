import type { DemoTrouble } from '#lib/datasets/demo-speech.ts';
import type { Translate } from '#lib/messages/translate.ts';

/** Why there is no speech for the demo. */
export function demoTroubleSentence({ code, details }: DemoTrouble, t: Translate): string {
  return details === '' ? t(`cli.demo-${code}`) : `${t(`cli.demo-${code}`)} ${details}.`;
}

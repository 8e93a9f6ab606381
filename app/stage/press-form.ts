import { z } from 'zod';
import { commands } from '#lib/stage.ts';

/** A button of the remote, and the version of the stage that it was pressed upon. */
export const PressForm = z.object({
  command: z.enum(commands),
  version: z.coerce.number().int().min(0),
});

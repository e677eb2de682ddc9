import { defineInputs } from '../define.ts';

/** Of the demo alone. */
export const DEMO = defineInputs({
  keep: {
    kind: 'boolean',
    commands: ['demo'],
    default: 'false',
    description: 'Keep the temporary config repository and say where it is.',
    example: 'true',
  },
});

import { podRule } from '../kubernetes/define-rule.ts';
import { numberIn, type Place, placeIn, placesIn } from '../kubernetes/reading.ts';
import { fileSourcesOf } from '../kubernetes/volumes.ts';

/** 0777. */
const HIGHEST = 511;

export const invalidFileMode = podRule({
  id: 'semantic/file-mode',
  title: 'File permissions outside 0 to 0777',
  severity: 'error',
  needs: ['defaultMode', 'mode'],
  check(pod, report) {
    for (const volume of pod.volumes) {
      const sources = fileSourcesOf(volume);
      const projected = placeIn(volume, 'projected');
      const places: readonly Place[] = [
        ...(projected === undefined ? [] : [projected]),
        ...sources,
        ...sources.flatMap((source) => placesIn(source, 'items')),
      ];
      for (const { value, path } of places) {
        for (const field of ['defaultMode', 'mode']) {
          const mode = numberIn(value, field);
          if (mode === undefined || (mode >= 0 && mode <= HIGHEST)) continue;
          report([...path, field], `must be 0 to 511 (0777 in octal), not ${mode}`, { hint: hintFor(mode) });
        }
      }
    }
  },
});

/** 644 written without its leading zero is a decimal number. */
function hintFor(mode: number): string | undefined {
  return /^[0-7]{3}$/.test(String(mode))
    ? `Write 0${mode} for octal; in JSON, ${Number.parseInt(String(mode), 8)}.`
    : undefined;
}

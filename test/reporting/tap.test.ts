import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { ToolError } from '../../src/errors.ts';
import { renderTap } from '../../src/reporting/tap.ts';
import { CHECKED, FINDING, hostileRun, input } from './report-inputs.ts';

describe('TAP', () => {
  /** What a reader makes of it, strictly: version, plan, numbered points, YAML blocks that parse. */
  function readTap(
    report: string,
  ): readonly { readonly ok: boolean; readonly description: string; readonly block?: unknown }[] {
    const lines = report.trimEnd().split('\n');
    expect(lines.shift()).toBe('TAP version 13');
    const count = Number(/^1\.\.(\d+)$/.exec(lines.shift() ?? '')?.[1]);
    const points = [];
    while (lines.length > 0) {
      const [, not, number, description = ''] = /^(not )?ok (\d+) - (.*)$/.exec(lines.shift() ?? '') ?? [];
      expect(Number(number)).toBe(points.length + 1);
      const end = lines[0] === '  ---' ? lines.indexOf('  ...') : -1;
      const block =
        end < 0
          ? undefined
          : load(
              lines
                .splice(0, end + 1)
                .slice(1, -1)
                .join('\n'),
            );
      points.push({ ok: not === undefined, description, ...(block === undefined ? {} : { block }) });
    }
    expect(points).toHaveLength(count);
    return points;
  }

  it('can be read whatever the texts are, and no text is a directive', () => {
    fc.assert(
      fc.property(hostileRun, (run) => {
        for (const { description } of readTap(renderTap(run))) {
          const plain = description.replace(/\\[\\#]/g, '').replace(' # SKIP', '');
          expect(plain).not.toContain('#');
        }
      }),
      { numRuns: 120 },
    );
  });

  it('has a point per object, with its findings as data', () => {
    const points = readTap(renderTap(input({ findings: [{ ...FINDING, hint: 'Mend it.' }], checked: CHECKED })));
    expect(points).toEqual([
      {
        ok: false,
        description: 'apps/api.yaml: Deployment shop/api',
        block: {
          message: 'apps/api.yaml:7:3: It is wrong.',
          findings: [
            {
              rule: 'schema/type',
              severity: 'error',
              file: 'apps/api.yaml',
              line: 7,
              column: 3,
              message: 'It is wrong.',
              hint: 'Mend it.',
            },
          ],
        },
      },
      { ok: true, description: 'apps/api.yaml: Service shop/api' },
      { ok: true, description: 'apps/kustomization.yaml: document 1 # SKIP kustomization' },
      { ok: true, description: 'apps/rollout.yaml: Rollout shop/api # SKIP no schema' },
    ]);
  });

  it('bails out when the run came to no result', () => {
    const outcome = new ToolError('io', 'The disk is\nfull.', { hint: 'Free some.' });
    expect(renderTap({ ...input(), outcome })).toBe(
      'TAP version 13\n# The disk is ⏎ full.\n# Next: Free some.\nBail out! The disk is ⏎ full.\n',
    );
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { validate } from '../../src/commands/validate.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { createRepository, itWith, needs, type Repository } from '../support/rendering.ts';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

const FILES = {
  'kustomization.yaml': 'resources: [a.yaml]\n',
  'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\ntype: library\n',
};

function run(render: readonly string[], env: Readonly<Record<string, string>> = {}) {
  repository = createRepository(FILES, env);
  const inputs = parseInputs('validate', { flags: { paths: ['.'], render: [...render] }, env: {} });
  return validate(inputs, { host: repository.host });
}

describe('validate with render', () => {
  it('runs no program without it', async () => {
    const { notes } = await run([]);
    expect(repository?.host.started).toEqual([]);
    expect(notes.filter((note) => note.includes('rendered'))).toEqual([]);
  });

  it('needs the program of what it names', async () => {
    await expect(run(['kustomize'], { PATH: '/nonexistent' })).rejects.toMatchObject({
      code: 'missing',
      message: 'kustomization . cannot be rendered: neither kustomize nor kubectl is on PATH.',
    });
  });

  it('does with auto what it can, and tells what was left out', async () => {
    const { result, findings, notes } = await run(['auto'], { PATH: '/nonexistent' });
    expect(result).toBe('ok');
    expect(findings.map(({ ruleId, unit }) => `${ruleId} ${unit}`)).toEqual([
      'render/refused chart chart',
      'render/refused kustomization .',
    ]);
    expect(notes.slice(0, 2)).toEqual(['0 units rendered to 0 objects', '2 units not rendered']);
  });

  itWith('kustomize')(`${needs('kustomize')}counts what was rendered`, async () => {
    const { notes, outputs } = await run(['kustomize']);
    expect(notes[0]).toMatch(/^1 unit rendered to 1 object by kustomize v?\d/);
    expect(outputs).toMatchObject({ documents: '1', errors: '0' });
  });

  it.each([
    [['helm', 'nothing'], '"nothing" is not one of off, auto, kustomize, helm, flux or argocd.'],
    [['kustomise'], '"kustomise" is not one of off, auto, kustomize, helm, flux or argocd. Did you mean kustomize?'],
    [['off', 'helm'], 'off stands beside something that is to be rendered'],
  ])('refuses %j', (words, problem) => {
    const parse = () => parseInputs('validate', { flags: { paths: ['.'], render: words }, env: {} });
    expect(parse).toThrow(expect.objectContaining({ problems: [`--render: ${problem}`] }));
  });
});

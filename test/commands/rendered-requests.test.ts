import { afterEach, describe, expect, it } from '@jest/globals';
import { bump } from '../../src/commands/bump.ts';
import type { CommandContext } from '../../src/commands/context.ts';
import { createGate } from '../../src/commands/delivery-gate.ts';
import { openJudge } from '../../src/commands/judged-change.ts';
import { promote } from '../../src/commands/promote.ts';
import { rollback } from '../../src/commands/rollback.ts';
import { connectForge } from '../../src/forges/registry.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { type GithubServer, startGithubServer, TOKEN } from '../support/github-server.ts';
import { expectGolden } from '../support/golden.ts';
import { bundledSchemas, sourceFiles } from '../support/manifests.ts';
import { createMemoryForge } from '../support/memory-forge.ts';
import { createRealHost, type RealHost } from '../support/real-host.ts';
import { deployment, itWith, needs, PROGRAMS_PATH, SELECTOR } from '../support/rendering.ts';

const web = deployment(`  replicas: 2\n${SELECTOR}`).replace('image: web:1', 'image: acme/shop:1.0.0');
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'image:\n  repository: acme/shop\n  tag: 1.0.0\n',
  'chart/templates/web.yaml': web.replace(
    'acme/shop:1.0.0',
    '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
  ),
};
const FILES = {
  ...CHART,
  'chart/templates/secret.yaml':
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: licence\n  stringData:\n    key: canary-{{ .Values.image.tag }}\n',
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': web,
  'prod/kustomization.yaml':
    'resources: [../base]\nnamePrefix: prod-\nimages:\n  - name: acme/shop\n    newTag: 1.0.0\n',
  'notes.txt': 'no manifest',
};

const undo: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function hostWithPrograms(env: Readonly<Record<string, string>> = {}): RealHost {
  return createRealHost({ random: () => 0.5, env: { PATH: PROGRAMS_PATH, ...env } });
}

async function github(files: Readonly<Record<string, string>>): Promise<GithubServer> {
  const server = await startGithubServer({ files });
  undo.push(server.close);
  return server;
}

function contextOf(host: RealHost): CommandContext {
  const unused = () => Promise.reject(new Error('not in this test'));
  return { host, connectForge, connectEngine: unused, run: unused };
}

function flagsOf(server: GithubServer, more: Readonly<Record<string, string>>) {
  const place = { 'config-repository': server.url, forge: 'github', strategy: 'pull-request', files: '!base/**' };
  return { flags: { ...place, ...more }, env: { DRAWBRIDGE_TOKEN: TOKEN } };
}

/** Commit ids and the server's port are other ones in every run. */
function plain(body: string, server: GithubServer): string {
  return `${body.replaceAll(server.origin, 'https://github.test').replace(/[0-9a-f]{40}/g, '<revision>')}\n`;
}

describe('a request with what it renders to', () => {
  itWith('kustomize', 'helm')(
    `${needs('kustomize', 'helm')}shows every object that differs, with Secrets masked`,
    async () => {
      const server = await github(FILES);
      const host = hostWithPrograms();
      const inputs = parseInputs('bump', flagsOf(server, { images: 'acme/shop:1.1.0', render: 'auto' }));
      const { exitCode, notes, differences = [] } = await bump(inputs, contextOf(host));
      const { body } = server.pull(1);
      expectGolden(
        plain(body, server).replace(/\b(kustomize|helm) v[\w.+-]+/g, '$1 <version>'),
        new URL('goldens/rendered-request.md', import.meta.url),
      );
      expect(body).not.toContain('canary');
      expect([exitCode, notes[0], differences.length]).toEqual([0, expect.stringMatching(/^2 units rendered/), 3]);
      expect([host.leftOver(), server.problems()]).toEqual([[], []]);
    },
  );

  itWith('helm')(`${needs('helm')}is cut to what the forge takes, and counts the rest`, async () => {
    const many = Array.from(
      { length: 60 },
      (_, index) =>
        `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m${index}\ndata:\n${Array.from({ length: 30 }, (_, line) => `  k${line}: "{{ $.Values.image.tag }} ${'x'.repeat(20)}"\n`).join('')}`,
    );
    const server = await github({ ...CHART, 'chart/templates/many.yaml': many.join('') });
    const inputs = parseInputs('bump', flagsOf(server, { images: 'acme/shop:1.1.0', render: 'helm' }));
    await bump(inputs, contextOf(hostWithPrograms()));
    const { body } = server.pull(1);
    expect(body.length).toBeLessThan(61_000);
    expect(body.length).toBeGreaterThan(50_000);
    const shown = body.match(/<details>/g)?.length ?? 0;
    expect(body).toContain(`_${61 - shown} more objects not shown here`);
    expect(body).toContain('61 objects differ, 61 changed.');
    expect(body).toContain('drawbridge rollback');
  });

  itWith('kustomize')(`${needs('kustomize')}is what rollback and promote make as well`, async () => {
    const server = await github({
      ...FILES,
      'stage/kustomization.yaml': 'resources: [../base]\nimages:\n  - name: acme/shop\n    newTag: 1.1.0\n',
    });
    const host = hostWithPrograms();
    const promoting = flagsOf(server, { from: 'stage/**', to: 'prod/**', render: 'kustomize', strategy: 'commit' });
    const { files: _, ...flags } = promoting.flags;
    const promoted = await promote(parseInputs('promote', { ...promoting, flags }), contextOf(host));
    const changed = ['changed Deployment prod-web'];
    const named = ({ differences = [] }: typeof promoted) =>
      differences.map(({ change, resource }) => `${change} ${resource.kind} ${resource.name}`);
    expect(named(promoted)).toEqual(changed);
    const { files: __, ...undoing } = flagsOf(server, { render: 'kustomize' }).flags;
    const back = parseInputs('rollback', { flags: undoing, env: { DRAWBRIDGE_TOKEN: TOKEN } });
    expect(named(await rollback(back, contextOf(host)))).toEqual(changed);
    expect(server.pull(1).body).toContain('1 object differs, 1 changed.');
  });

  itWith('helm')(`${needs('helm')}says what the change keeps from being built`, async () => {
    const strict = '{{ if eq .Values.image.tag "2.0.0" }}{{ fail "no <!-- @two" }}{{ end }}';
    const server = await github({ ...CHART, 'chart/templates/strict.yaml': strict });
    const inputs = parseInputs('bump', flagsOf(server, { images: 'acme/shop:2.0.0', render: 'auto' }));
    const { exitCode, notes } = await bump(inputs, contextOf(hostWithPrograms()));
    expect([exitCode, notes.filter((note) => note.includes('does not build'))]).toEqual([
      0,
      [expect.stringContaining('chart chart does not build with this change: ')],
    ]);
    const { body } = server.pull(1);
    expect(body).toContain('- chart chart does not build with this change');
    expect(body).not.toMatch(/<!-- @|@two/);
  });

  it('runs nothing, and reads only manifests, without render', async () => {
    const server = await github(FILES);
    const host = hostWithPrograms();
    await bump(parseInputs('bump', flagsOf(server, { images: 'acme/shop:1.1.0' })), contextOf(host));
    expect(new Set(host.started.map(({ program }) => program))).toEqual(new Set(['git']));
    expect(server.pull(1).body).not.toContain('Rendered');
  });

  it('is never rendered for an event that strangers can cause, whatever is allowed', async () => {
    const server = await github(FILES);
    const host = hostWithPrograms({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'issue_comment' });
    const flags = { images: 'acme/shop:1.1.0', render: 'auto', 'allow-untrusted-event': 'true' };
    await expect(bump(parseInputs('bump', flagsOf(server, flags)), contextOf(host))).rejects.toMatchObject({
      code: 'denied',
      message: 'render: this was started by the event issue_comment, which strangers can cause',
    });
    expect(server.state.pulls).toEqual([]);
  });

  it('needs the program of what it names before anything is written', async () => {
    const server = await github(FILES);
    const inputs = parseInputs('bump', flagsOf(server, { images: 'acme/shop:1.1.0', render: 'helm' }));
    const host = createRealHost({ env: { PATH: '/usr/bin:/bin' } });
    await expect(bump(inputs, contextOf(host))).rejects.toMatchObject({ code: 'missing' });
    expect(server.state.pulls).toEqual([]);
  });
});

describe('the gate of a delivery with render', () => {
  const TYPED = web
    .replace('replicas: 2', 'replicas: {{ if eq .Values.image.tag "2.0.0" }}two{{ else }}2{{ end }}')
    .replace('acme/shop:1.0.0', '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"');

  async function pass(files: Readonly<Record<string, string>>, tag: string, render = 'helm') {
    const bare: BareRepository = createBareRepository(files);
    undo.push(bare.remove);
    const { forge } = createMemoryForge(bare);
    const inputs = {
      missingSchema: 'error',
      strict: true,
      disableRules: [],
      enableRules: [],
      failOn: 'error',
      ignore: [],
      render: [render],
    } as const;
    const schemas = bundledSchemas('1.34');
    const gate = createGate(schemas, inputs, {}, await openJudge(forge, inputs, schemas, hostWithPrograms()));
    const head = await forge.repository.head();
    const snapshot = await forge.repository.readFiles((path) => !path.endsWith('.txt'), head.revision);
    const edited = files['chart/values.yaml'] === undefined ? 'prod/kustomization.yaml' : 'chart/values.yaml';
    const after = sourceFiles({ [edited]: (files[edited] ?? '').replace('1.0.0', tag) });
    const passes = await gate.check({ files: after }, snapshot, head);
    const findings = gate.findings().map(({ severity, ruleId, path, line }) => `${severity} ${ruleId} ${path}:${line}`);
    return { passes, findings, gate };
  }

  itWith('helm')(`${needs('helm')}stops new errors in what the edited files render to`, async () => {
    const files = { ...CHART, 'chart/templates/web.yaml': TYPED };
    const good = await pass(files, '1.1.0');
    expect([good.passes, good.findings]).toEqual([true, []]);
    const bad = await pass(files, '2.0.0');
    expect([bad.passes, bad.findings]).toEqual([false, ['error schema/type chart/templates/web.yaml:6']]);
    expect(bad.gate.outputs()).toMatchObject({ errors: '1' });
    expect(bad.gate.shown().differences).toHaveLength(1);
  });

  itWith('kustomize')(
    `${needs('kustomize')}tells old errors as warnings, unless a comment asks for silence`,
    async () => {
      const old = (comment: string) => ({
        'base/kustomization.yaml': FILES['base/kustomization.yaml'],
        'base/web.yaml': web.replace('  replicas: 2\n', `  replica: 2${comment}\n`),
        'prod/kustomization.yaml': FILES['prod/kustomization.yaml'],
      });
      const { passes, findings, gate } = await pass(old(''), '1.1.0', 'kustomize');
      expect([passes, findings]).toEqual([true, ['warning schema/unknown-field base/web.yaml:6']]);
      expect(gate.outputs()).toMatchObject({ errors: '0', warnings: '1' });
      const quiet = await pass(old(' # drawbridge-ignore: schema/unknown-field it is old'), '1.1.0', 'kustomize');
      expect([quiet.passes, quiet.findings]).toEqual([true, []]);
    },
  );

  itWith('helm')(`${needs('helm')}stops a change that keeps a chart from being built`, async () => {
    const files = {
      ...CHART,
      'chart/templates/x.yaml': '{{ if eq .Values.image.tag "2.0.0" }}{{ fail "no" }}{{ end }}',
    };
    const app =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: { source: { repoURL: https://forge.test/acme/config.git, path: chart } }\n';
    const { passes, findings } = await pass({ ...files, 'app.yaml': app }, '2.0.0', 'argocd');
    expect([passes, findings]).toEqual([false, ['error render/failed app.yaml:1']]);
  });
});

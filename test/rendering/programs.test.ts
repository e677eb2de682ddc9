import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/real-host.ts';
import { createRepository, type Repository } from '../support/rendering.ts';

const FILES = {
  'kustomization.yaml': 'resources: [a.yaml]\n',
  'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
};

let repository: Repository | undefined;
let bin: ReturnType<typeof temporaryFolder> | undefined;
afterEach(() => {
  repository?.remove();
  bin?.remove();
});

/** A repository on whose PATH there is one program, a script of this name. */
function withProgram(name: string, script: string, env: Readonly<Record<string, string>> = {}): Repository {
  bin = temporaryFolder();
  const path = join(bin.path, name);
  writeFileSync(path, `#!/bin/sh\n[ "$1" = version ] && { echo v5.0.0; exit 0; }\n${script}\n`);
  chmodSync(path, 0o755);
  repository = createRepository(FILES, { PATH: bin.path, XDG_CACHE_HOME: join(bin.path, 'cache'), ...env });
  return repository;
}

const PRINTS =
  'echo "apiVersion: v1"; echo "kind: ConfigMap"; echo "metadata:"; echo "  name: a"; echo "data:"; echo "  path: \\"$PATH\\""; echo "  token: \\"$TOKEN$DRAWBRIDGE_TOKEN\\""; echo "  home: \\"$HOME\\""; echo "  args: \\"$*\\""';

/** Where results are kept. */
function cache(): string {
  const folder = join(bin?.path ?? '', 'cache/drawbridge/rendered');
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe('a program that renders', () => {
  it('is found on PATH and gets fixed arguments, an empty home, and nothing of the job', async () => {
    const { render, host } = withProgram('kustomize', PRINTS, {
      TOKEN: 'secret-token',
      DRAWBRIDGE_TOKEN: 'secret-token',
    });
    const { rendered } = await render('kustomize');
    const outcome = rendered.units[0]?.outcome;
    if (outcome?.state !== 'rendered') throw new Error('not rendered');
    const data = outcome.objects[0]?.value.data as Readonly<Record<string, string>>;
    expect(data).toEqual({
      token: '',
      args: 'build --load-restrictor=LoadRestrictionsNone .',
      home: expect.stringMatching(/drawbridge-render-\w+\/home$/),
      path: `${data.home}/bin`,
    });
    expect(host.started.every(({ env }) => !JSON.stringify(env).includes('secret-token'))).toBe(true);
  });

  it('is kubectl where there is no kustomize', async () => {
    const { render } = withProgram('kubectl', PRINTS);
    const { rendered } = await render('kustomize');
    expect(JSON.stringify(rendered.units[0]?.outcome)).toContain('kustomize --load-restrictor=LoadRestrictionsNone .');
  });

  it('leaves no file behind, whatever it does', async () => {
    const { render, host } = withProgram('kustomize', 'echo "Error: no" >&2; exit 3');
    const { rendered } = await render('kustomize');
    expect(rendered.units[0]?.outcome).toEqual({ state: 'failed', reason: 'no' });
    expect(host.leftOver()).toEqual([]);
  });

  it('is told apart by its version, and not run again for what it printed before', async () => {
    const { render, host } = withProgram('kustomize', PRINTS);
    const builds = () => host.started.filter(({ args }) => args[0] === 'build').length;
    await render('kustomize');
    expect([builds(), readdirSync(cache()).length]).toEqual([1, 1]);
    const { rendered } = await render('kustomize');
    expect([builds(), rendered.units[0]?.outcome.state]).toEqual([1, 'rendered']);
    repository?.write({ 'a.yaml': `${FILES['a.yaml']}data: {}\n` });
    await render('kustomize');
    expect(builds()).toBe(2);
  });

  it.each([
    ['a Secret', 'kind: Secret\nmetadata: {name: a}\nstringData: {a: b}'],
    ['a SecretList', 'kind: SecretList\nitems:\n- data: {a: b}'],
    ['what was meant to be a Secret', 'kind: secret\nstringdata: {a: b}'],
  ])('does not have its output kept where that holds %s', async (_what, text) => {
    const { render } = withProgram('kustomize', `printf '${`apiVersion: v1\n${text}`.replaceAll('\n', '\\n')}\\n'`);
    await render('kustomize');
    expect(readdirSync(cache(), { recursive: true }).length > 0).toBe(false);
  });

  it('is quoted with the paths of the repository, and without what is secret, however long its words are', async () => {
    const { render } = withProgram(
      'kustomize',
      'echo "Error: read $(cd ../../tree && pwd): $(printf "%0587d" 0) hidden-value of ../../tree/s.yaml" >&2; exit 1',
    );
    repository?.write({
      'kustomization.yaml': 'resources: [s.yaml]\n',
      's.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hidden-value}\n',
    });
    const { rendered } = await render('kustomize');
    const outcome = rendered.units[0]?.outcome;
    expect(outcome).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^read \.: 0{580}/) });
    expect(JSON.stringify(outcome)).not.toMatch(/hidde|drawbridge-render/);
  });

  it('is missed by name', async () => {
    repository = createRepository(FILES, { PATH: '/nonexistent' });
    const { rendered } = await repository.render('auto');
    expect(rendered.units[0]?.outcome).toEqual({
      state: 'refused',
      reason: 'neither kustomize nor kubectl is on PATH',
    });
  });
});

import type { ApplicationDefinition } from '../../src/demo/stand-in/types.ts';

export const SHA = 'c0ffee0123456789c0ffee0123456789c0ffee01';

/** A Deployment that the stand-in for Argo CD rolls out. */
export function deployment(image: string, name = 'shop'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: ${image} # kept
`;
}

/** Where the manifests of an example are, and the applications that deploy them. */
export interface Scene {
  readonly files: Readonly<Record<string, string>>;
  /** Branches beside main with the same files. */
  readonly branches?: readonly string[];
  readonly applications: readonly ApplicationDefinition[];
}

/** @param registry what stands before the name of the application in its image */
export function scenes(registry: string) {
  const old = (name: string) => deployment(`${registry}${name}:old`, name);
  const single = { files: { 'apps/shop/shop.yaml': old('shop') }, applications: [{ name: 'shop', path: 'apps/shop' }] };
  const names = ['shop', 'cart', 'worker'];
  return {
    single,
    beside: {
      files: { 'deploy/shop.yaml': old('shop'), 'src/main.ts': 'export {};\n' },
      applications: [{ name: 'shop', path: 'deploy' }],
    },
    monorepo: {
      files: Object.fromEntries([...names, 'other'].map((name) => [`apps/${name}/${name}.yaml`, old(name)])),
      applications: [...names, 'other'].map((name) => ({ name, path: `apps/${name}` })),
    },
    folders: {
      files: { 'envs/staging/shop.yaml': old('shop'), 'envs/production/shop.yaml': old('shop') },
      applications: ['staging', 'production'].map((name) => ({ name: `shop-${name}`, path: `envs/${name}` })),
    },
    branches: {
      files: single.files,
      branches: ['staging', 'production'],
      applications: ['staging', 'production'].map((name) => ({
        name: `shop-${name}`,
        path: 'apps/shop',
        targetRevision: name,
      })),
    },
    repositories: (name: string) => ({
      files: single.files,
      applications: [{ name: `shop-${name}`, path: 'apps/shop' }],
    }),
  } satisfies Record<string, Scene | ((name: string) => Scene)>;
}

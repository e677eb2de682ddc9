import { describe, expect, it } from '@jest/globals';
import { sourcePlace } from '../../src/rendering/source-place.ts';
import type { Origin, RenderedObject, RenderedUnit } from '../../src/rendering/unit.ts';
import { readValues, resourceOf } from '../../src/rendering/yaml-values.ts';

const BASE = `apiVersion: v1
kind: Service
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: proxy
          image: proxy:1
        - name: web
          image: web:1
`;
const MERGE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
`;
const OPERATIONS = `- op: replace
  path: /metadata/labels
  value: { tier: front }
`;
const KUSTOMIZATION = `resources: [web.yaml]
patches:
  - path: merge.yaml
  - path: operations.yaml
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { paused: true }
configMapGenerator:
  - name: other
  - name: settings
`;
const TEMPLATE = `{{- if .Values.web }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
---
kind: Service
spec:
  replicas: 1
{{- end }}
`;
const RENDERED = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: prod-web
  labels: { tier: front }
spec:
  replicas: 3
  paused: true
  template:
    spec:
      containers:
        - name: web
          image: web:1
        - name: added
          image: x
`;

const TEXTS: Readonly<Record<string, string>> = {
  'apps/web.yaml': BASE,
  'apps/merge.yaml': MERGE,
  'apps/operations.yaml': OPERATIONS,
  'apps/kustomization.yaml': KUSTOMIZATION,
  'chart/templates/web.yaml': TEMPLATE,
};

const unit: RenderedUnit = {
  unit: {
    name: 'kustomization apps',
    place: { path: 'apps/kustomization.yaml', line: 1, column: 1 },
    ancestors: [],
    recipe: { kind: 'kustomize', folder: 'apps', around: {} },
  },
  outcome: { state: 'rendered', objects: [] },
  inputs: new Set(Object.keys(TEXTS)),
  kustomizations: new Map([
    [
      'apps',
      {
        path: 'apps/kustomization.yaml',
        content: readValues(KUSTOMIZATION, 'kustomize')[0]?.value as object as Readonly<Record<string, unknown>>,
      },
    ],
  ]),
  variables: [],
};

function object(text: string, origin: Origin | undefined): RenderedObject {
  const [read] = readValues(text, 'cluster');
  const resource = resourceOf(read?.value);
  if (resource === undefined) throw new Error('no object');
  return { resource, value: read?.value as RenderedObject['value'], text, origin };
}

function placeOf(
  pointer: string | undefined,
  made: Origin['made'] = 'as it stands',
  path = 'apps/web.yaml',
  text = RENDERED,
) {
  const place = sourcePlace(unit, object(text, { path, made }), { pointer, at: 'value' }, (name) => TEXTS[name]);
  return `${place.path}:${place.line}:${place.column}`;
}

describe('the place in the source of something that was rendered', () => {
  it.each([
    [
      'a value that is the same in the file, in a list with another order',
      '/spec/template/spec/containers/0/image',
      'apps/web.yaml:18:18',
    ],
    ['a value that a merge patch sets', '/spec/replicas', 'apps/merge.yaml:6:13'],
    ['a value inside what an operation of a JSON patch sets', '/metadata/labels/tier', 'apps/operations.yaml:3:3'],
    ['a value that a patch in the kustomization sets', '/spec/paused', 'apps/kustomization.yaml:5:5'],
    ['something that is missing in both', '/spec/selector', 'apps/web.yaml:10:1'],
    ['a name with a prefix', '/metadata/name', 'apps/web.yaml:9:9'],
    ['something that nothing in the source has', '/spec/template/spec/containers/1/image', 'apps/web.yaml:14:7'],
    ['the object', undefined, 'apps/web.yaml:6:1'],
  ])('%s', (_, pointer, expected) => {
    expect(placeOf(pointer)).toBe(expected);
  });

  it('is the entry of the generator', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-t25mg5gdm4\n';
    expect(placeOf('/data', 'by a generator', 'apps/kustomization.yaml', text)).toBe('apps/kustomization.yaml:12:11');
  });

  it.each([
    ['/spec/replicas', 'chart/templates/web.yaml:7:3'],
    ['/metadata/name', 'chart/templates/web.yaml:5:3'],
    ['/spec/selector', 'chart/templates/web.yaml:6:1'],
    ['/nothing', 'chart/templates/web.yaml:3:1'],
  ])('in a template, of %s, is %s', (pointer, expected) => {
    expect(placeOf(pointer, 'by a template', 'chart/templates/web.yaml')).toBe(expected);
  });

  it('is where the unit is declared, where nothing is known of the object', () => {
    expect(sourcePlace(unit, object(RENDERED, undefined), {}, () => undefined)).toEqual(unit.unit.place);
    expect(placeOf('/spec', 'as it stands', 'gone.yaml')).toBe('apps/kustomization.yaml:1:1');
  });
});

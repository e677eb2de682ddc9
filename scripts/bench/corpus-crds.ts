/** How deep the schema nests, and how many fields each level has: about 400 KB, as the largest of the well-known operators. */
const DEPTH = 4;
const FIELDS = 7;

/** A large definition of a custom resource: what controller-gen writes, with the prose that most of such files is. */
export function customResourceDefinition(index: number): string {
  const name = `widget${index}`;
  return `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.20.1
  name: ${name}s.bench.example.com
spec:
  group: bench.example.com
  names:
    kind: Widget${index}
    listKind: Widget${index}List
    plural: ${name}s
    singular: ${name}
  scope: Namespaced
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        description: Widget${index} is what a team of the bench runs.
        properties:
          apiVersion:
            type: string
          kind:
            type: string
          metadata:
            type: object
          spec:
${objectSchema(12, DEPTH)}        type: object
    served: true
    storage: true
    subresources:
      status: {}
`;
}

function objectSchema(indent: number, depth: number): string {
  const margin = ' '.repeat(indent);
  const fields = Array.from({ length: FIELDS }, (_, field) => property(indent + 2, depth, field)).join('');
  return `${margin}description: |-
${margin}  The settings at this level say how the widget is built, where it runs, and what it is allowed to use.
${margin}  Fields that are left out keep the default of the operator.

${margin}  More info: https://example.com/docs/widgets
${margin}properties:
${fields}${margin}required:
${margin}- field0
${margin}type: object
`;
}

function property(indent: number, depth: number, field: number): string {
  const margin = ' '.repeat(indent);
  const head = `${margin}field${field}:\n`;
  if (depth > 1 && field < 5) return `${head}${objectSchema(indent + 2, depth - 1)}`;
  if (field % 3 === 0) return `${head}${enumSchema(`${margin}  `)}`;
  return `${head}${field % 3 === 1 ? listSchema(`${margin}  `) : numberSchema(`${margin}  `)}`;
}

function enumSchema(margin: string): string {
  return `${margin}default: Always
${margin}description: Whether this part is renewed when its source changes. Never leaves it as it is, and IfMissing renews
${margin}  it only where it is absent.
${margin}enum:
${margin}- Always
${margin}- IfMissing
${margin}- Never
${margin}type: string
`;
}

function listSchema(margin: string): string {
  return `${margin}description: "Names of the parts that are taken along, in the order in which they are started."
${margin}items:
${margin}  maxLength: 63
${margin}  pattern: ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$
${margin}  type: string
${margin}type: array
${margin}x-kubernetes-list-type: set
`;
}

function numberSchema(margin: string): string {
  return `${margin}description: 'Seconds until a part that does not answer is started again: zero stands for never.'
${margin}format: int32
${margin}maximum: 3600
${margin}minimum: 0
${margin}type: integer
`;
}

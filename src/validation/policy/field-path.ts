/** `.spec.hosts['a.b']` of a rule as the steps that it takes (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-path). */
export function parseFieldPath(text: string): readonly string[] {
  const steps = text.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g);
  return [...steps].map(([, field, key = '']) => field ?? key.replace(/\\(.)/g, '$1'));
}

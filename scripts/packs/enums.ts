/**
 * The published OpenAPI files of Kubernetes leave enums out (a feature gate of the program that writes them), but the Go
 * code that they are made from has them: `pkg/generated/openapi/zz_generated.openapi.go`, one function per type.
 */
export function readEnums(source: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const enums = new Map<string, Map<string, readonly string[]>>();
  let definition: string | undefined;
  let field: string | undefined;
  for (const line of source.split('\n')) {
    if (line.startsWith('func ')) {
      definition = definitionName(line);
      field = undefined;
    } else if (line.startsWith('\t\t\t\t\t"')) {
      field = /^\t{5}"([^"]+)": \{$/.exec(line)?.[1];
    } else if (definition !== undefined && field !== undefined && line.includes('Enum:')) {
      const fields = enums.get(definition) ?? new Map<string, readonly string[]>();
      fields.set(field, values(line));
      enums.set(definition, fields);
    }
  }
  return enums;
}

function definitionName(line: string): string | undefined {
  const match = /^func schema_k8sio_api_([a-z0-9]+)_([a-z0-9]+)_(\w+)\(/.exec(line);
  return match === null ? undefined : `${match[1]}.${match[2]}.${match[3]}`;
}

function values(line: string): readonly string[] {
  const list = /Enum:\s+\[\]interface\{\}\{([^}]*)\}/.exec(line)?.[1];
  if (list === undefined) throw new Error(`an enum that cannot be read: ${line.trim()}`);
  return JSON.parse(`[${list}]`) as string[];
}

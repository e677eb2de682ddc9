import type { Schema } from '../support/json-schema.ts';

/** The part of SARIF 2.1.0 that is written, stricter than the standard: nothing else may stand there. */
const text: Schema = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string' }, markdown: { type: 'string' } },
};

function exactly(required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required, additionalProperties: false, properties };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

const level: Schema = { enum: ['none', 'note', 'warning', 'error'] };
const string: Schema = { type: 'string' };
const positive: Schema = { type: 'integer', minimum: 1 };

const rule = exactly(['id'], {
  id: string,
  name: string,
  shortDescription: text,
  fullDescription: text,
  defaultConfiguration: exactly(['level'], { level }),
  helpUri: string,
  help: text,
  properties: exactly(['tags'], { tags: listOf(string) }),
});

const location = exactly(['physicalLocation'], {
  physicalLocation: exactly(['artifactLocation', 'region'], {
    artifactLocation: exactly(['uri'], { uri: string, uriBaseId: { const: '%SRCROOT%' } }),
    region: exactly(['startLine', 'startColumn'], {
      startLine: positive,
      startColumn: positive,
      endLine: positive,
      endColumn: positive,
    }),
  }),
  logicalLocations: listOf(
    exactly(['name', 'fullyQualifiedName', 'kind'], {
      name: string,
      fullyQualifiedName: string,
      kind: { const: 'object' },
    }),
  ),
});

const result = exactly(['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'], {
  ruleId: string,
  ruleIndex: { type: 'integer', minimum: 0 },
  level,
  message: text,
  locations: listOf(location),
  partialFingerprints: exactly(['drawbridge/v1'], { 'drawbridge/v1': string }),
});

const run = exactly(['tool', 'columnKind', 'originalUriBaseIds', 'invocations', 'results'], {
  tool: exactly(['driver'], {
    driver: exactly(['name', 'semanticVersion', 'informationUri', 'rules'], {
      name: string,
      semanticVersion: string,
      informationUri: string,
      rules: listOf(rule),
    }),
  }),
  columnKind: { const: 'utf16CodeUnits' },
  originalUriBaseIds: exactly(['%SRCROOT%'], { '%SRCROOT%': exactly(['description'], { description: text }) }),
  invocations: listOf(
    exactly(['executionSuccessful', 'toolExecutionNotifications'], {
      executionSuccessful: { type: 'boolean' },
      exitCode: { type: 'integer' },
      toolExecutionNotifications: listOf(exactly(['level', 'message'], { level, message: text })),
    }),
  ),
  results: listOf(result),
});

export const SARIF: Schema = exactly(['$schema', 'version', 'runs'], {
  $schema: string,
  version: { const: '2.1.0' },
  runs: listOf(run),
});

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export const CODE_QUALITY: Schema = listOf(
  exactly(['description', 'check_name', 'fingerprint', 'severity', 'location'], {
    description: string,
    check_name: string,
    fingerprint: string,
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: exactly(['path', 'lines'], { path: string, lines: exactly(['begin'], { begin: positive }) }),
  }),
);

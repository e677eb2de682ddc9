import { safeText } from './foreign-text.ts';
import type { ReportInput } from './registry.ts';
import { type TestCase, testCases } from './test-cases.ts';
import { xmlElement, xmlTag } from './xml.ts';

/**
 * JUnit's XML: a suite per file, a test case per object, one failure with all its findings. It keeps to what two schemas
 * have in common: that of Apache Ant (https://github.com/windyroad/JUnit-Schema), which is the strictest, and that of
 * Jenkins' xUnit plugin (junit-10.xsd). GitLab shows the text of the element, not its message
 * (lib/gitlab/ci/parsers/test/junit.rb in GitLab). Findings that fail nothing are in the output of their suite.
 */
export function renderJUnit(input: ReportInput): string {
  const suites = [...Map.groupBy(testCases(input), ({ suite }) => suite)];
  const timestamp = new Date(input.startedAt ?? 0).toISOString().slice(0, 19);
  const bodies = suites.flatMap(([name, cases], id) => suiteLines(name, cases, id, timestamp));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...bodies, '</testsuites>', ''].join('\n');
}

function suiteLines(suite: string, cases: readonly TestCase[], id: number, timestamp: string): readonly string[] {
  const count = (state: TestCase['state']) => cases.filter((entry) => entry.state === state).length;
  const name = named(suite);
  const attributes = {
    name,
    package: name,
    id,
    timestamp,
    hostname: 'localhost',
    tests: cases.length,
    failures: count('failed'),
    errors: count('broken'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, entry) => sum + entry.seconds, 0)),
  };
  const notes = cases.filter(({ state }) => state === 'passed' || state === 'skipped').flatMap(({ lines }) => lines);
  return [
    `  ${xmlTag('testsuite', attributes)}`,
    '    <properties/>',
    ...cases.flatMap((entry) => caseLines(entry, name)),
    `    ${xmlElement('system-out', {}, content(notes))}`,
    '    <system-err/>',
    '  </testsuite>',
  ];
}

function caseLines(entry: TestCase, classname: string): readonly string[] {
  const attributes = { name: named(entry.name), classname, time: seconds(entry.seconds) };
  const inner = resultElement(entry);
  if (inner === undefined) return [`    ${xmlTag('testcase', attributes, '/')}`];
  return [`    ${xmlTag('testcase', attributes)}`, `      ${inner}`, '    </testcase>'];
}

function resultElement({ state, type, message, lines }: TestCase): string | undefined {
  if (state === 'passed') return undefined;
  const text = safeText(message);
  if (state === 'skipped') return xmlElement('skipped', { message: text }, text);
  const name = state === 'broken' ? 'error' : 'failure';
  return xmlElement(name, { message: text, type: safeText(type) }, content(lines));
}

function content(lines: readonly string[]): string {
  return lines.map((line) => safeText(line)).join('\n');
}

function named(text: string): string {
  return safeText(text).trim() || '(unnamed)';
}

function seconds(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

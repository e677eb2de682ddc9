import { createLineIndex } from '../manifests/lines.ts';
import type { Finding } from '../validation/finding.ts';
import { renderFailed } from '../validation/rules/render-failed.ts';
import { renderRefused } from '../validation/rules/render-refused.ts';
import { renderVariable } from '../validation/rules/render-variable.ts';
import type { Rendered } from './render.ts';
import { sourcePlace, type Texts } from './source-place.ts';
import type { RenderedUnit, VariableProblem } from './unit.ts';

/** What could not be rendered: refused by the program, which is an error, or not tried, which is only told. */
export function unitFindings({ units, undone }: Rendered): readonly Finding[] {
  const ofUnits = units.flatMap(({ unit, outcome }): readonly Finding[] => {
    if (outcome.state === 'rendered') return [];
    const place = outcome.place ?? unit.place;
    if (outcome.state === 'refused') return [refusal(unit.name, outcome.reason, place)];
    const severity = unit.tentative ? 'warning' : renderFailed.severity;
    const message = `${capitalised(unit.name)} does not build: ${sentence(outcome.reason)}`;
    return [{ ruleId: renderFailed.id, severity, ...place, message, unit: unit.name }];
  });
  return [...ofUnits, ...undone.map(({ name, reason, place }) => refusal(name, reason, place))];
}

function refusal(name: string, reason: string, place: Pick<Finding, 'path' | 'line' | 'column'>): Finding {
  const { id: ruleId, severity } = renderRefused;
  return {
    ruleId,
    severity,
    ...place,
    message: `${capitalised(name)} is not rendered: ${sentence(reason)}`,
    unit: name,
  };
}

/** Variables that nothing sets, each where it is written. */
export function variableFindings(units: readonly RenderedUnit[], texts: Texts): readonly Finding[] {
  return units.flatMap((unit) =>
    unit.variables.map((problem) => ({
      ruleId: renderVariable.id,
      severity: renderVariable.severity,
      ...placeOfVariable(unit, problem, texts),
      resource: problem.object.resource,
      message: problem.message,
      unit: unit.unit.name,
    })),
  );
}

function placeOfVariable(
  unit: RenderedUnit,
  { object, name }: VariableProblem,
  texts: Texts,
): Pick<Finding, 'path' | 'line' | 'column' | 'endLine' | 'endColumn'> {
  const path = object.origin?.path;
  const text = path === undefined ? undefined : texts(path);
  const match = text === undefined || name === undefined ? null : useOf(name).exec(text);
  if (path === undefined || text === undefined || match === null) return sourcePlace(unit, object, {}, texts);
  const place = createLineIndex(text);
  const end = place(match.index + match[0].length);
  return { path, ...place(match.index), endLine: end.line, endColumn: end.column };
}

/** Where a variable is used without a default, and is no escaped text. */
function useOf(name: string): RegExp {
  return new RegExp(`(?<!\\$)\\$\\{#?${name}(?!\\w)(?!:?[=?+-])`);
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function sentence(reason: string): string {
  return /[.!?…]$/.test(reason) ? reason : `${reason}.`;
}

import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Rendered } from '../rendering/render.ts';
import type { CheckOptions } from '../validation/check.ts';
import type { RenderedFindings } from '../validation/report.ts';
import type { Schemas } from '../validation/schemas.ts';
import { count } from './words.ts';

export interface RenderInputs {
  /** The words of the input `render`. */
  readonly render: readonly string[];
}

export interface JudgedRendering {
  readonly rendered: Rendered;
  readonly findings: RenderedFindings;
  readonly notes: readonly string[];
}

/** What is rendered, and as whose. */
export interface RenderSubject {
  readonly files: readonly SourceFile[];
  readonly repository: CheckOptions['repository'];
  /** Such as `1.34`. */
  readonly kubernetesVersion: string;
}

/** True where something is to be rendered: programs are run then. */
export function isRendering({ render }: RenderInputs): boolean {
  return render.some((word) => word !== 'off');
}

/**
 * Renders what the files declare.
 * @throws ToolError missing for a program that was asked for by name
 */
export async function renderFiles(host: Host, inputs: RenderInputs, subject: RenderSubject): Promise<Rendered> {
  const { render, renderKinds } = await import('../rendering/render.ts');
  const rendered = await render(host, { ...subject, kinds: renderKinds(inputs.render) });
  const missing = missingProgram(inputs, rendered);
  if (missing !== undefined) throw missing;
  return rendered;
}

/**
 * Renders what the files declare, and checks it.
 * @throws ToolError missing for a program that was asked for by name
 */
export async function judgeRendering(
  host: Host,
  inputs: RenderInputs,
  files: readonly SourceFile[],
  schemas: Schemas,
  options: CheckOptions,
): Promise<JudgedRendering> {
  const kubernetesVersion = schemas.versions.at(-1) ?? '';
  const rendered = await renderFiles(host, inputs, { files, repository: options.repository, kubernetesVersion });
  const { judge } = await import('../rendering/judge.ts');
  return {
    rendered,
    findings: await judge(host, rendered, files, schemas, options),
    notes: renderNotes(rendered),
  };
}

/** Of what is asked for by name, the program has to be there; `auto` takes what there is. */
function missingProgram({ render }: RenderInputs, { units }: Rendered): ToolError | undefined {
  if (render.includes('auto')) return undefined;
  const isMissing = ({ outcome }: Rendered['units'][number]) =>
    outcome.state === 'refused' && outcome.reason.endsWith('on PATH');
  const found = units.find(isMissing);
  if (found?.outcome.state !== 'refused') return undefined;
  return new ToolError('missing', `${found.unit.name} cannot be rendered: ${found.outcome.reason}.`, {
    hint: 'Install the program, or run the job in an image that carries it.',
  });
}

/** `12 units rendered to 39 objects by kustomize v5.7.0`, and how many were not. */
export function renderNotes({ units, undone, programs }: Rendered): readonly string[] {
  const made = units.flatMap(({ outcome }) => (outcome.state === 'rendered' ? [outcome.objects.length] : []));
  const objects = made.reduce((sum, length) => sum + length, 0);
  const failed = units.filter(({ outcome }) => outcome.state === 'failed').length;
  const left = units.length - made.length - failed + undone.length;
  const by = [...programs].map(([name, version]) => `${name} ${version}`);
  return [
    `${count(made.length, 'unit')} rendered to ${count(objects, 'object')}${by.length === 0 ? '' : ` by ${by.join(' and ')}`}`,
    ...(failed === 0 ? [] : [`${count(failed, 'unit')} failed to build`]),
    ...(left === 0 ? [] : [`${count(left, 'unit')} not rendered`]),
  ];
}

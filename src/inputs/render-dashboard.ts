/**
 * The dashboard for Kubernetes of a job that is a deployment (https://docs.gitlab.com/ci/environments/kubernetes_dashboard/),
 * as `environment:kubernetes` of GitLab 18.4 and later takes it (https://docs.gitlab.com/ci/yaml/#environmentkubernetes).
 */
interface DashboardInput {
  readonly name: string;
  readonly description: string;
  /** What may stand in it, beside variables. */
  readonly characters: string;
}

const AGENT: DashboardInput = {
  name: 'dashboard-agent',
  description:
    "The agent for Kubernetes of the environment's dashboard in GitLab: path/of/project:agent. It needs environment. Default: no dashboard.",
  characters: '[A-Za-z0-9._/:}-]',
};
const NAMESPACE: DashboardInput = {
  name: 'dashboard-namespace',
  description: 'The Kubernetes namespace of the dashboard. It needs dashboard-agent. Default: all namespaces.',
  characters: '[A-Za-z0-9_}-]',
};
const FLUX: DashboardInput = {
  name: 'dashboard-flux-resource',
  description:
    'The Flux object whose reconciliation the dashboard shows, with its whole path, such as kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/shop. It needs dashboard-namespace. Default: none.',
  characters: '[A-Za-z0-9._/}-]',
};

export const DASHBOARD_INPUTS: readonly DashboardInput[] = [AGENT, NAMESPACE, FLUX];

const NOTE = [
  '# GitLab takes no key without a value, so that each of these blocks has the value of its input in its name, and the job',
  '# extends it by that name. Without a value it has the name of a block further down, which then counts in its place.',
];

/**
 * Hidden jobs with what is only there where an input is given, and without it with what stands in their place. Keys that are
 * merged in never take the place of one that is written (https://yaml.org/type/merge.html).
 * @param environment the line that makes the job a deployment without a dashboard
 */
export function dashboardJobs(environment: string): readonly string[] {
  return [
    ...NOTE,
    '<<:',
    ...block(AGENT, [
      'environment:',
      '  name: $[[ inputs.environment ]]',
      '  kubernetes:',
      `    agent: ${textOf(AGENT)}`,
    ]),
    ...block(NAMESPACE, dashboard('namespace', NAMESPACE)),
    ...block(FLUX, dashboard('flux_resource_path', FLUX)),
    `${keyOf(AGENT, '')}:`,
    environment,
    ...[NAMESPACE, FLUX].flatMap((input) => [`${keyOf(input, '')}:`, '  stage: "$[[ inputs.stage ]]"']),
    '',
  ];
}

/** Of the job itself. */
export function dashboardExtends(): readonly string[] {
  return ['  extends:', ...DASHBOARD_INPUTS.map((input) => `    - ${keyOf(input)}`)];
}

function block(input: DashboardInput, lines: readonly string[]): readonly string[] {
  return [`  ${keyOf(input)}:`, ...lines.map((line) => `    ${line}`)];
}

function dashboard(key: string, input: DashboardInput): readonly string[] {
  return ['environment:', '  kubernetes:', '    dashboard:', `      ${key}: ${textOf(input)}`];
}

/** Two jobs of one pipeline have blocks of their own. */
function keyOf({ name }: DashboardInput, value = `$[[ inputs.${name} ]]`): string {
  return `".$[[ inputs.job-name ]]:${name}:${value}"`;
}

function textOf({ name }: DashboardInput): string {
  return `"$[[ inputs.${name} ]]"`;
}

import type { EngineOptions } from '../engines/registry.ts';
import { ToolError } from '../errors.ts';
import { normaliserBeside } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { untrustedEvent } from './event-guard.ts';
import { identityTokens } from './identity-token.ts';
import { engineOfName } from './target-name.ts';

/** The inputs of `wait` that `deliver` has as well. */
export type WaitingInputs = Pick<InputValues<'deliver'>, keyof InputValues<'deliver'> & keyof InputValues<'wait'>>;

/** @throws ToolError input (no server, half a login, two logins), missing (no identity token) */
export async function argocdOptions(
  inputs: WaitingInputs,
  ca: string | undefined,
  host: Host,
): Promise<EngineOptions['argocd']> {
  const { argocdProject: project, argocdServer: server } = inputs;
  const isDirect = inputs.argocdAccess === 'kubernetes';
  const applicationNamespace = inputs.applicationNamespace ?? (isDirect ? inputs.namespace : undefined);
  const common = {
    normaliseRepository: normaliserBeside(inputs.configRepository),
    ...(project === undefined ? {} : { project }),
    ...(applicationNamespace === undefined ? {} : { applicationNamespace }),
  };
  if (isDirect) return { ...common, cluster: await clusterOptions(inputs, ca, host) };
  if (server === undefined) {
    const [name] = inputs.targets.filter((text) => engineOfName(text).engine === 'argocd');
    const why = name === undefined ? '' : `, which the target ${name} needs: it is read as an application of Argo CD`;
    throw new ToolError('input', `argocd-server is missing${why}`, {
      hint: 'Give argocd-server, the address, or argocd-access: kubernetes where only the cluster can be reached. Targets of Flux and of Kubernetes begin with their kind: Kustomization/apps, Deployment/web.',
    });
  }
  const credentials = credentialsOf(inputs, host);
  return {
    ...common,
    server,
    ...(credentials === undefined ? {} : { credentials }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/**
 * How every engine that speaks with a Kubernetes API server reaches it. A program that a kubeconfig names is not run for an
 * event that strangers can cause: the file, or the program, could be theirs.
 */
export async function clusterOptions(
  { kubeconfig, kubeContext, namespace }: WaitingInputs,
  ca: string | undefined,
  host: Host,
) {
  return {
    allowExec: (await untrustedEvent(host)) === undefined,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(kubeContext === undefined ? {} : { context: kubeContext }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function credentialsOf(inputs: WaitingInputs, host: Host) {
  const { argocdToken, argocdUsername, argocdPassword, argocdOidcAudience: audience, oidcToken: token } = inputs;
  const connector = inputs.argocdOidcConnector;
  const isIdentity = audience !== undefined || connector !== undefined;
  const isPassword = argocdUsername !== undefined || argocdPassword !== undefined;
  if (isIdentity && (argocdToken !== undefined || isPassword)) {
    throw new ToolError(
      'input',
      'there are two ways to log in to Argo CD: an identity of the job and a stored secret',
      {
        hint: 'Take the token or password away, or argocd-oidc-connector and argocd-oidc-audience.',
      },
    );
  }
  if (isIdentity) {
    const wish = { ...(token === undefined ? {} : { token }), ...(audience === undefined ? {} : { audience }) };
    const identityToken = identityTokens(wish, host);
    return { kind: 'identity', identityToken, ...(connector === undefined ? {} : { connector }) } as const;
  }
  if (argocdToken !== undefined) return { kind: 'token', token: argocdToken } as const;
  if (!isPassword) return undefined;
  if (argocdUsername !== undefined && argocdPassword !== undefined) {
    return { kind: 'password', username: argocdUsername, password: argocdPassword } as const;
  }
  throw new ToolError('input', 'argocd-username and argocd-password belong together; one of them is missing', {
    hint: 'A token (ARGOCD_AUTH_TOKEN) of a project role is enough, and safer.',
  });
}

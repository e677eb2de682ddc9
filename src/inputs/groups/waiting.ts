import { defineInputs } from '../define.ts';

/** What is waited for, and for how long. */
export const WAITING = defineInputs({
  engine: {
    kind: 'choice',
    commands: ['wait', 'deliver', 'demo'],
    choices: ['auto', 'argocd', 'flux', 'kubernetes', 'commit-status'],
    default: 'auto',
    description:
      'What delivers to the cluster. auto takes each target by how it is written, also those of several engines, and without targets follows from what can be reached: argocd-server, kubeconfig, contexts or manifests. commit-status needs no access to it: it waits for what Flux or Argo CD say about the commit on the forge. kubernetes alone, for wait, is for what kubectl has applied.',
    descriptionFor: { demo: 'What the stand-in of the demo plays; auto is argocd.' },
    example: 'argocd',
  },
  revision: {
    kind: 'string',
    commands: ['wait'],
    required: ['wait'],
    requiredUnless: 'manifests',
    requiredWhen: { engine: ['auto', 'argocd', 'flux', 'commit-status'] },
    description:
      'The full commit id on the base branch of the config repository that must be live. With engine kubernetes a name for what was applied.',
    example: '4f2a9c0d1e8b7a6f5c4d3e2b1a0f9e8d7c6b5a49',
  },
  targets: {
    kind: 'list',
    commands: ['wait', 'deliver'],
    description:
      'What to wait for. Argo CD: name, namespace/name or ApplicationSet/name. Flux and Kubernetes: Kind/name or Kind/namespace/name. Those of several engines may stand together.',
    unset: 'every application whose source is the config repository and covers a changed file',
    example: 'shop-api',
  },
  manifests: {
    kind: 'list',
    commands: ['wait'],
    description:
      'Of Kubernetes itself: the files, folders or globs that kubectl apply was given. Their objects are waited for, with the images that they name.',
    example: 'kubernetes/manifests',
  },
  selector: {
    kind: 'string',
    commands: ['wait'],
    description:
      'Of Kubernetes itself: a label selector; every workload of the namespace that has the labels is waited for.',
    example: 'app.kubernetes.io/part-of=shop',
  },
  contexts: {
    kind: 'list',
    commands: ['wait', 'deliver'],
    description:
      'For commit statuses: names of the statuses, check runs or environments that must say success; * stands for any characters.',
    example: 'kustomization/apps/*',
  },
  'contexts-required': {
    kind: 'integer',
    commands: ['wait', 'deliver'],
    default: '1',
    description: 'For commit statuses: how many different contexts must say success, for each entry of contexts.',
    example: '2',
  },
  environment: {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description:
      'Name of the environment that this deploys to. The forge of the config repository then shows a deployment of the revision, with its state.',
    unset: 'the forge is told of no deployment',
    example: 'production',
  },
  'environment-url': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'Address of the environment, shown beside the deployment.',
    example: 'https://shop.example.com',
  },
  'commit-status': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description:
      'Tell the state of the wait as a status of the commit in the config repository: true, or the name of the status.',
    unset: 'no status is written',
    example: 'true',
  },
  'argocd-server': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    required: ['wait', 'deliver'],
    requiredWhen: { engine: 'argocd', 'argocd-access': 'server' },
    variables: ['ARGOCD_SERVER'],
    description: 'Address of the Argo CD API server: a URL, or host[:port][/path]. Plain http is for loopback only.',
    example: 'argocd.example.com',
  },
  'argocd-access': {
    kind: 'choice',
    commands: ['wait', 'deliver'],
    choices: ['server', 'kubernetes'],
    default: 'server',
    description:
      'How Argo CD is reached: by its own API server, or by the Kubernetes API of the cluster that it runs in, where only that can be reached.',
    example: 'kubernetes',
  },
  'argocd-oidc-connector': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description:
      'Log in to Argo CD with the identity token of this job, exchanged at its Dex: the id of the connector there that trusts the CI system.',
    unset: 'no exchange',
    example: 'github-actions',
  },
  'argocd-oidc-audience': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description:
      'The audience of the identity token that GitHub is asked for. Without argocd-oidc-connector Argo CD is shown that token itself.',
    unset: 'what the CI system takes',
    example: 'argocd.example.com',
  },
  'oidc-token': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    secret: true,
    description:
      'The identity token of this job, where the CI system puts it into a variable, as the id_tokens of GitLab do.',
    unset: 'GitHub is asked for one',
    example: '$DRAWBRIDGE_OIDC_TOKEN',
  },
  kubeconfig: {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'The kubeconfig file for the Kubernetes API.',
    unset: 'the files of KUBECONFIG, ~/.kube/config, or the service account of the pod',
    example: 'cluster.yaml',
  },
  'kube-context': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'The context of the kubeconfig. With the GitLab agent: path/of/project:agent.',
    unset: 'the current one, or the only one',
    example: 'acme/agents:production',
  },
  namespace: {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'The Kubernetes namespace of targets that name none, where the Kubernetes API is asked.',
    unset: 'that of the context; argocd for Applications',
    example: 'shop',
  },
  'flux-receiver': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    variables: ['FLUX_RECEIVER'],
    description:
      'Address of a Receiver of Flux that is called when the wait begins, so that Flux looks at once. It needs no access to the cluster.',
    unset: 'with engine flux the source is asked by the Kubernetes API',
    example: 'https://flux.example.com/hook/3f2a',
  },
  'flux-receiver-key': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    secret: true,
    variables: ['FLUX_RECEIVER_KEY'],
    description: 'The key of a Receiver of the type generic-hmac, which the call is signed with.',
    example: '${{ secrets.FLUX_RECEIVER_KEY }}',
  },
  'flux-receiver-audience': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description:
      'The audience that a Receiver of the type generic-oidc asks for: the call then carries the identity token of this job.',
    unset: 'the call carries no token',
    example: 'notification-controller',
  },
  'argocd-project': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'The Argo CD project that the applications belong to.',
    unset: 'any project that the token may see',
    example: 'shop',
  },
  'application-namespace': {
    kind: 'string',
    commands: ['wait', 'deliver'],
    description: 'The namespace of the Application objects.',
    unset: 'the namespace of Argo CD itself',
    example: 'argocd',
  },
  'ca-certificate': {
    kind: 'string',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote', 'history'],
    description: "File with PEM certificates to trust beside the system's own.",
    example: 'certificates/internal-ca.pem',
  },
  refresh: {
    kind: 'boolean',
    commands: ['wait', 'deliver'],
    default: 'true',
    description: 'Ask Argo CD or Flux to look at the repository at once, instead of at the next poll.',
    example: 'false',
  },
  sync: {
    kind: 'choice',
    commands: ['wait', 'deliver'],
    choices: ['never', 'if-needed'],
    default: 'never',
    description: 'Whether to start a sync. if-needed starts one only where automatic sync is off.',
    example: 'if-needed',
  },
  timeout: {
    kind: 'duration',
    commands: ['bump', 'wait', 'deliver', 'rollback', 'promote'],
    default: '10m',
    description: 'Deadline for all waiting.',
    descriptionFor: {
      bump: 'Deadline for the merge that wait-for-merge waits for.',
      wait: 'Deadline for all targets together.',
      deliver: 'Deadline for all waiting: for the merge of the request and for all targets together.',
      rollback: 'Deadline for the merge that wait-for-merge waits for.',
      promote: 'Deadline for the merge that wait-for-merge waits for.',
    },
    example: '20m',
  },
  'stable-for': {
    kind: 'duration',
    commands: ['wait', 'deliver'],
    default: '10s',
    description: 'How long a target must stay healthy at the revision.',
    example: '30s',
  },
  'degraded-grace': {
    kind: 'duration',
    commands: ['wait', 'deliver'],
    default: '30s',
    description: 'How long a target may be degraded before that counts as failed.',
    example: '2m',
  },
  'appear-timeout': {
    kind: 'duration',
    commands: ['wait', 'deliver'],
    default: '60s',
    description: 'How long a target may be absent.',
    example: '3m',
  },
  suspended: {
    kind: 'choice',
    commands: ['wait', 'deliver'],
    choices: ['wait', 'ok', 'fail'],
    default: 'wait',
    description: 'What to make of objects whose health is Suspended, such as a paused rollout.',
    example: 'ok',
  },
  'on-failure': {
    kind: 'choice',
    commands: ['deliver'],
    choices: ['fail', 'rollback', 'rollback-pull-request'],
    default: 'fail',
    description:
      'What to do when the change has failed on the cluster. rollback undoes it by a commit and waits for that too, rollback-pull-request proposes it; the command still fails.',
    example: 'rollback',
  },
});

import type { Clock } from '../../host.ts';
import { list, record, text } from '../api/json.ts';
import { act } from './act.ts';
import type { ArgocdApi, Asking } from './api.ts';
import { applicationName, applicationPath, applicationQuery } from './application-ref.ts';
import type { ArgocdClient } from './client.ts';
import { follow } from './follow.ts';
import { cutDown, readItems } from './read-items.ts';
import { readResourceTree } from './resource-tree.ts';

const HINTS: ArgocdApi['hints'] = {
  list: 'Name the targets, or give a token with the right "applications, get".',
  nothing: 'The token can read no application at all: it needs "applications, get" on the project.',
  logs: 'The token may not read logs: add "logs, get" to its role to see them here.',
};

/** Bytes of a list of some thousand Applications. */
const LONGEST_LIST = 128 * 1024 * 1024;

/** Argo CD by its API server. */
export function serverApi(client: ArgocdClient, clock: Clock): ArgocdApi {
  /** Undefined for whatever cannot be read. */
  const optional = async (path: string, query: Readonly<Record<string, string | undefined>>, asking: Asking) => {
    const answer = await client.read(path, { ...asking, query }).catch(() => undefined);
    return answer?.kind === 'ok' ? answer.value : undefined;
  };
  return {
    location: client.location,
    hints: HINTS,
    forbidden: 'does not exist, or the token may not read it (Argo CD tells both alike)',
    application(target, { refresh, ...asking }) {
      const query = { ...applicationQuery(target), ...(refresh === true ? { refresh: 'normal' } : {}) };
      return client.read(applicationPath(target), { ...asking, query });
    },
    applications({ project, applicationNamespace }, asking) {
      return client.read('/api/v1/applications', {
        ...asking,
        query: { projects: project, appNamespace: applicationNamespace },
        maxBytes: LONGEST_LIST,
        parse: readItems,
      });
    },
    applicationSet(target, asking) {
      const path = `/api/v1/applicationsets/${encodeURIComponent(applicationName(target))}`;
      return client.read(path, { ...asking, query: { appsetNamespace: target.namespace } });
    },
    syncWindows: (target, asking) =>
      client.read(applicationPath(target, '/syncwindows'), { ...asking, query: applicationQuery(target) }),
    managedApplications(target, asking) {
      const query = { ...applicationQuery(target), group: 'argoproj.io', kind: 'Application' };
      return client.read(applicationPath(target, '/managed-resources'), { ...asking, query });
    },
    resourceTree: async (target, asking) =>
      readResourceTree(await optional(applicationPath(target, '/resource-tree'), applicationQuery(target), asking)),
    async events(target, { uid, name, namespace }, asking) {
      const about = { resourceUID: uid, resourceName: name, resourceNamespace: namespace };
      const query = { ...applicationQuery(target), ...about };
      return list(record(await optional(applicationPath(target, '/events'), query, asking)).items);
    },
    async logs(target, { namespace, name }, { lines, previous }, asking) {
      const which = {
        namespace,
        podName: name,
        tailLines: String(lines),
        previous: previous ? 'true' : undefined,
      };
      const options = { ...asking, query: { ...applicationQuery(target), ...which } };
      const told = await client.readLines(applicationPath(target, '/logs'), options).catch(() => []);
      return told?.flatMap(readLogLine).slice(-lines);
    },
    follow({ name, namespace, project }, signal, onChange) {
      // One Application is asked for by its project, several are picked by it.
      const query =
        name === undefined
          ? { appNamespace: namespace, projects: project }
          : { name, project, appNamespace: namespace };
      return follow(client, clock, query, signal, (type, application) => onChange(type, cutDown(application)));
    },
    act: (target, action, revision, signal) => act(client, target, action, revision, signal),
  };
}

/** JSON lines, which also carry what went wrong while the log was read. */
function readLogLine(line: string): readonly string[] {
  try {
    const { content, last } = record(record(JSON.parse(line)).result);
    return last === true ? [] : [text(content) ?? ''].filter((words) => words !== '');
  } catch {
    return [];
  }
}

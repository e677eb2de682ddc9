/** What a probe can do, and what a hook can. */
export const PROBE_HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'] as const;
export const HOOK_HANDLERS = ['exec', 'httpGet', 'sleep', 'tcpSocket'] as const;

/** One object of a common kind, with names that differ by index. All of them are valid. */
export const OBJECTS: readonly ((index: number) => string)[] = [
  deployment,
  service,
  configMap,
  serviceAccount,
  service,
  ingress,
  serviceAccount,
  deployment,
  networkPolicy,
  cronJob,
  autoscaler,
  role,
];

const metadata = (kind: string, index: number) => `metadata:
  name: ${kind}-${index}
  namespace: team-${index % 50}
  labels:
    app.kubernetes.io/name: app-${index}
    app.kubernetes.io/part-of: shop
`;

function deployment(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
${metadata('app', index)}spec:
  replicas: ${1 + (index % 5)}
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${index}
    spec:
      serviceAccountName: account-${index}
      containers:
        - name: app
          image: registry.example.com/team/app:1.${index}.0
          imagePullPolicy: IfNotPresent
          args: ["--port=8080", "--log=json"]
          ports:
            - containerPort: 8080
              name: http
          env:
            - name: LOG_LEVEL
              value: "info"
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
`;
}

function service(index: number): string {
  return `apiVersion: v1
kind: Service
${metadata('app', index)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: app-${index}
  ports:
    - name: http
      port: 80
      targetPort: http
      protocol: TCP
`;
}

function configMap(index: number): string {
  return `# Settings of app-${index}
apiVersion: v1
kind: ConfigMap
${metadata('settings', index)}data:
  LOG_FORMAT: json
  FEATURE_FLAGS: 'a,b,c'
  application.yaml: |
    server:
      port: 8080
    database:
      url: postgres://db-${index}:5432/app
      pool: 10
`;
}

function ingress(index: number): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
${metadata('app', index)}  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  ingressClassName: nginx
  tls:
    - hosts: [app-${index}.example.com]
      secretName: app-${index}-tls
  rules:
    - host: app-${index}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: app-${index}
                port:
                  name: http
`;
}

function serviceAccount(index: number): string {
  return `apiVersion: v1
kind: ServiceAccount
${metadata('account', index)}automountServiceAccountToken: false
`;
}

function networkPolicy(index: number): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${metadata('app', index)}spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: app-${index}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
          protocol: TCP
`;
}

function cronJob(index: number): string {
  return `apiVersion: batch/v1
kind: CronJob
${metadata('job', index)}spec:
  schedule: "${index % 60} 3 * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: job
              image: registry.example.com/team/job:2.${index}.1
              command: [/bin/sh, -c, "exit 0"]
`;
}

function autoscaler(index: number): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
${metadata('app', index)}spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: app-${index - (index % 12)}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
`;
}

function role(index: number): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${metadata('app', index)}rules:
  - apiGroups: [""]
    resources: [configmaps, secrets]
    verbs: [get, list, watch]
`;
}

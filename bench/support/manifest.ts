/** The service that is released, and where. */
export const service = "bench";
export const environment = "staging";

/** In the manifest's own words; null = the default, rolling. */
export type StrategyWords = Readonly<Record<string, unknown>> | null;

export function manifestWith(strategy: StrategyWords): string {
	return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${service}, description: The service that the rollout bench releases}
spec: {type: service, lifecycle: experimental, owner: sluice}
---
apiVersion: score.dev/v1b1
metadata: {name: ${service}}
containers:
  main:
    image: .
    resources: {limits: {memory: 256Mi, cpu: 500m}}
    readinessProbe: {httpGet: {path: /healthz, port: 8080}}
service:
  ports:
    http: {port: 8080, targetPort: 8080}
---
apiVersion: sluice.dev/v1
kind: Delivery
metadata: {name: ${service}}
environments:
  ${environment}: {instances: 2}
${strategy === null ? "" : `strategy: ${JSON.stringify(strategy)}\n`}`;
}

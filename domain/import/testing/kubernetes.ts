/** Manifests as people keep them beside a service: by repository, each file with its path. */
export const kubernetesFiles = {
	/** A gRPC service and the cache it needs in one file, asked by Kubernetes' own gRPC probe. */
	grpc: {
		"kubernetes-manifests/basket.yaml": `# What is in a customer's basket.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: basket
spec:
  selector:
    matchLabels: { app: basket }
  template:
    metadata:
      labels: { app: basket }
    spec:
      containers:
      - name: server
        image: basket
        ports:
        - containerPort: 7171
        env:
        - name: CACHE_ADDR
          value: "basket-cache:6379"
        - name: TAXES_ADDR
          value: taxes.finance.svc.cluster.local:7000
        - name: OFFERS_SERVICE_ADDR
          value: "offers:8080"
        - name: DISABLE_PROFILER
          value: "1"
        resources:
          requests: { cpu: 200m, memory: 64Mi }
          limits: { cpu: 300m, memory: 128Mi }
        readinessProbe:
          grpc:
            port: 7171
        livenessProbe:
          grpc: { port: 7171 }
---
apiVersion: v1
kind: Service
metadata:
  name: basket
spec:
  selector: { app: basket }
  ports:
  - name: grpc
    port: 7171
    targetPort: 7171
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: basket
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: basket-cache
spec:
  template:
    metadata:
      labels: { app: basket-cache }
    spec:
      containers:
      - { name: redis, image: "redis:alpine", ports: [{ containerPort: 6379 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: basket-cache
spec:
  selector: { app: basket-cache }
  ports: [{ name: tcp-redis, port: 6379 }]
`,
	},
	/** A Kustomize base, which is plain, with ports by name and probes that run a program. */
	namedPorts: {
		"kustomize/kustomization.yaml": "kind: Kustomization\nresources: [deployment.yaml, service.yaml]\n",
		"kustomize/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: weather
spec:
  template:
    metadata:
      labels:
        app: weather
    spec:
      containers:
      - name: weatherd
        image: registry.example.com/sky/weather:6.1.0
        ports:
        - name: http
          containerPort: 9898
          protocol: TCP
        - name: http-metrics
          containerPort: 9797
        - name: grpc
          containerPort: 9999
        - name: beacon
          containerPort: 5353
          protocol: UDP
        command:
        - ./weather
        - --port=9898
        - --grpc-port=9999
        env:
        - name: MAP_COLOR
          value: "#34577c"
        readinessProbe:
          exec:
            command: [weatherctl, check, http, "localhost:9898/readyz"]
        livenessProbe:
          exec:
            command: [weatherctl, check, http, "localhost:9898/healthz"]
        resources:
          limits:
            cpu: 2000m
            memory: 512Mi
        volumeMounts:
        - { name: data, mountPath: /data }
      volumes:
      - name: data
        emptyDir: {}
`,
		"kustomize/service.yaml": `apiVersion: v1
kind: Service
metadata:
  name: weather
spec:
  selector:
    app: weather
  ports:
  - { name: http, port: 80, targetPort: http }
  - { name: grpc, port: 9999, targetPort: grpc }
`,
		"deploy/bases/page/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: page }
spec:
  template:
    metadata: { labels: { app: page } }
    spec:
      containers: [{ name: page, image: "registry.example.com/sky/weather:6.1.0" }]
`,
		"deploy/overlays/production/weather.yaml":
			"apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: weather }\nspec: { replicas: 9 }\n",
	},
	/** A file for each object, and a Dockerfile for each of several images. */
	severalImages: {
		"k8s-specifications/ballot-deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  labels: { app: ballot }
  name: ballot
spec:
  replicas: 2
  template:
    metadata: { labels: { app: ballot } }
    spec:
      containers:
      - image: example/polls_ballot
        name: ballot
        ports:
        - { containerPort: 80, name: ballot }
`,
		"k8s-specifications/ballot-service.yaml": `apiVersion: v1
kind: Service
metadata: { name: ballot }
spec:
  type: NodePort
  selector: { app: ballot }
  ports:
  - name: "ballot-service"
    port: 8080
    targetPort: 80
    nodePort: 31000
`,
		"k8s-specifications/tally-deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: tally }
spec:
  template:
    metadata: { labels: { app: tally } }
    spec:
      containers: [{ image: example/polls_tally, name: tally, ports: [{ containerPort: 81 }] }]
`,
		"k8s-specifications/db-deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: db }
spec:
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
      - { image: "postgres:15-alpine", name: postgres, env: [{ name: POSTGRES_PASSWORD, value: postgres }] }
`,
	},
	/** One image runs as the service and as its worker: which of them is meant, nobody says. */
	oneImageTwice: {
		"manifests/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - name: web
        image: registry.example.com/post/mailer:v3
        ports: [{ containerPort: 3000, name: http }]
        readinessProbe: { httpGet: { path: /ready, port: http } }
`,
		"manifests/worker.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  template:
    metadata: { labels: { app: worker } }
    spec:
      containers:
      - { name: worker, image: "registry.example.com/post/mailer:v3", command: [bin/jobs] }
`,
	},
	/** Values that stand elsewhere, a sidecar, what is only requested, and another port than the Dockerfile's. */
	references: {
		"k8s/ledger.yml": `apiVersion: v1
kind: List
items:
- apiVersion: apps/v1
  kind: StatefulSet
  metadata: { name: ledger }
  spec:
    replicas: 3
    template:
      metadata: { labels: { app: ledger, tier: back } }
      spec:
        initContainers: [{ name: migrate, image: example/ledger }]
        containers:
        - { name: metrics, image: example/exporter, ports: [{ containerPort: 9100 }] }
        - name: app
          image: example/ledger:2.0@sha256:abc
          args: [--verbose]
          envFrom: [{ configMapRef: { name: ledger } }]
          env:
          - { name: DB_URL, value: "jdbc:postgresql://$(DB_HOST)/ledger" }
          - { name: DB_HOST, valueFrom: { configMapKeyRef: { name: ledger-db, key: host } } }
          - { name: DB_USER, valueFrom: { secretKeyRef: { name: ledger-db, key: user } } }
          - { name: API_TOKEN, value: not-so-secret }
          - { name: POD_IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
          - { name: spring.profile, value: kubernetes }
          - { name: PRICE, value: "$$(5)" }
          - { name: CURRENCY, value: EUR }
          ports: [{ containerPort: 8443, name: web }]
          livenessProbe: { httpGet: { path: live, port: web, httpHeaders: [{ name: Host, value: ledger }] } }
          readinessProbe: { exec: { command: [/bin/sh, -c, test -f /tmp/ready] } }
          resources: { requests: { memory: 300Mi, cpu: 0.5 } }
          volumeMounts:
          - { name: keys, mountPath: /etc/keys }
          - { name: books, mountPath: /var/lib/ledger }
        volumes:
        - { name: keys, secret: { secretName: ledger-keys } }
    volumeClaimTemplates:
    - metadata: { name: books }
      spec: { resources: { requests: { storage: 1Gi } } }
- apiVersion: v1
  kind: Service
  metadata: { name: ledger }
  spec:
    selector: { app: ledger }
    ports: [{ port: 80, targetPort: web, appProtocol: http }]
`,
	},
	/** The others come first; the manifest adds what they leave out, and the names of ports. */
	andAllOthers: {
		"deploy/parcels.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: parcels }
spec:
  replicas: 4
  template:
    metadata: { labels: { app: parcels } }
    spec:
      containers:
      - name: parcels
        image: parcels
        ports: [{ containerPort: 7000, name: public }, { containerPort: 7001, name: admin }]
        env: [{ name: LOG_LEVEL, value: info }, { name: REGION, value: north }]
        readinessProbe: { httpGet: { path: /of-kubernetes, port: 7000 } }
        resources: { limits: { memory: 1Gi, cpu: "1" } }
---
apiVersion: v1
kind: Service
metadata: { name: parcels }
spec:
  selector: { app: parcels }
  ports: [{ port: 80, targetPort: public, appProtocol: http }]
`,
	},
} satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

import type { ImportSource, SourceFile } from "@/domain/import/model";
import { kubernetesFiles } from "@/domain/import/testing/kubernetes";

function repository(name: string, files: Record<string, string>, more: Partial<ImportSource> = {}): ImportSource {
	const all = Object.entries(files).map(([path, text]): SourceFile => ({ path, text }));
	return { repository: name, files: all, paths: all.map(({ path }) => path), mentions: [], ...more };
}

/** Repositories as people keep them: each is proposed a manifest, and its golden file says which. */
export const repositories: Readonly<Record<string, ImportSource>> = {
	"go-http": repository(
		"greeter",
		{
			Dockerfile: `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.24
FROM golang:\${GO_VERSION}-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/greeter ./cmd/greeter

FROM distroless/static-debian12:nonroot
COPY --from=build /out/greeter /greeter
USER nonroot:nonroot
EXPOSE 8080
ENTRYPOINT ["/greeter"]
`,
			"go.mod": "module git.example.com/welcome/greeter\n\ngo 1.24\n\nrequire github.com/go-chi/chi/v5 v5.1.0\n",
		},
		{ mentions: [{ file: "cmd/greeter/main.go", line: 31, path: "/healthz" }] },
	),
	"python-fastapi-health": repository("billing-api", {
		Dockerfile: `FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 \\
    # where uvicorn listens
    PORT=8000
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY app ./app
EXPOSE \${PORT}/tcp
HEALTHCHECK --interval=10s --timeout=3s \\
  CMD curl --fail --silent "http://localhost:\${PORT}/api/health?deep=0" || exit 1
USER 1000
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
`,
		"requirements.txt": "fastapi==0.121.0\nuvicorn[standard]==0.38.0\n",
		"catalog-info.yaml": `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: billing-api
  description: >
    Invoices and their
    payments
  annotations:
    backstage.io/techdocs-ref: dir:.
spec:
  type: service
  lifecycle: experimental
  owner: group:default/money
  system: checkout
  dependsOn: [resource:billing-db]
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: billing-db
spec:
  type: database
`,
	}),
	"java-grpc-probe": repository("inventory", {
		Dockerfile: `FROM maven:3.9-eclipse-temurin-21 AS build
COPY pom.xml .
COPY src ./src
RUN mvn -q package
FROM eclipse-temurin:21-jre
COPY --from=build target/inventory.jar /app.jar
EXPOSE 9090
HEALTHCHECK CMD ["/bin/grpc_health_probe", "-addr=:9090", "-connect-timeout=2s"]
STOPSIGNAL SIGQUIT
ENTRYPOINT ["java","-jar","/app.jar"]
`,
		"pom.xml":
			"<project>\n  <artifactId>inventory</artifactId>\n  <description>What is in stock</description>\n  <dependencies>\n    <dependency><groupId>io.grpc</groupId><artifactId>grpc-netty</artifactId></dependency>\n  </dependencies>\n</project>\n",
	}),
	"java-spring-no-expose": repository("orders", {
		Dockerfile: 'FROM eclipse-temurin:21-jre\nCOPY target/orders.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n',
		"pom.xml":
			"<project>\n<dependencies>\n<dependency><artifactId>spring-boot-starter-web</artifactId></dependency>\n<dependency><artifactId>spring-boot-starter-actuator</artifactId></dependency>\n</dependencies>\n</project>\n",
	}),
	"node-websocket-compose": repository("chat", {
		Dockerfile:
			'FROM node:24-slim AS base\nENV PORT=3000\nEXPOSE $PORT 9229\nFROM base AS dev\nCMD ["node", "--watch", "server.js"]\nFROM base AS production\nUSER node\nCMD ["node", "server.js"]\n',
		"package.json":
			'{\n  "name": "@talk/chat",\n  "description": "Rooms over WebSocket",\n  "author": "Talk team <talk@example.com>",\n  "dependencies": { "ws": "8.18.0" }\n}\n',
		"compose.yaml": `x-environment: &common
  LOG_LEVEL: info
services:
  chat:
    build:
      context: .
      target: production
      args: { COMMIT: none }
    ports:
      - "127.0.0.1:8081:3000"
    environment:
      <<: *common
      REDIS_URL: redis://redis:6379/0
      SESSION_SECRET: not-so-secret
      GREETING: "\${GREETING:-hello}"
      PUBLIC_URL: \${PUBLIC_URL}
      NODE_ENV: production
    healthcheck:
      test: ["CMD-SHELL", "wget -q --spider http://127.0.0.1:$$PORT/ready || exit 1"]
    depends_on:
      redis: { condition: service_healthy }
    volumes: ["./uploads:/uploads"]
    deploy:
      replicas: 3
      resources: { limits: { cpus: "0.25", memory: 192M } }
  redis:
    image: redis:7-alpine
`,
	}),
	"score-and-dockerfile": repository("points", {
		Dockerfile: "FROM node:24\nEXPOSE 4000\nHEALTHCHECK NONE\nUSER node\n",
		"score.yaml": `apiVersion: score.dev/v1b1
metadata:
  name: loyalty_points
containers:
  api:
    image: .
    args: [serve]
    variables:
      DB_HOST: \${resources.db.host}
      DB_PASSWORD: \${resources.db.password}
      PAGE_SIZE: "50"
    resources:
      limits: { memory: 512Mi, cpu: 250m }
    livenessProbe:
      httpGet: { path: /live, port: 4000 }
    readinessProbe:
      exec: { command: [curl, -f, "localhost:4000/ready"] }
  sidecar:
    image: envoyproxy/envoy
service:
  ports:
    web: { port: 80, targetPort: 4000 }
    grpc-admin: { port: 50051 }
    stats: { port: 8125, protocol: UDP }
resources:
  db: { type: postgres }
`,
	}),
	"go-grpc-unsaid": repository("pricing", {
		"build/package/Dockerfile":
			"FROM golang:1.24\nWORKDIR /src\nCOPY go.mod cmd ./\nRUN go build -o /pricing ./cmd/pricing\nEXPOSE 7000\nCMD /pricing --listen :7000\n",
		"go.mod": "module pricing\n\nrequire google.golang.org/grpc v1.76.0\n",
		"cmd/pricing/main.go": "package main\n",
	}),
	monorepo: repository("shop", {
		"services/cart/Dockerfile": "FROM python:3.13\nCOPY main.py .\nEXPOSE 5000\n",
		"services/cart/main.py": "",
		"services/pay/Dockerfile": "FROM python:3.13\nCOPY main.py .\nEXPOSE 5001/tcp 5002/udp\n",
		"services/pay/main.py": "",
		"docker-compose.yml": "services:\n  db:\n    image: postgres:17\n",
	}),
	"expose-and-port-differ": repository("echo", {
		Dockerfile:
			"FROM node:24\nENV PORT 8081\nEXPOSE 3000\nHEALTHCHECK CMD node -e \"fetch('http://localhost:8081/ping').then(r => process.exit(r.ok ? 0 : 1))\"\n",
	}),
	"windows-escape": repository("legacy", {
		Dockerfile: [
			"# escape=`",
			"",
			"ARG SITE=9000",
			"FROM dotnet/aspnet:9.0 AS final",
			"ARG SITE",
			"EXPOSE `",
			"  # the site",
			`  $\{SITE:-80} \``,
			`  $\{UNKNOWN} 10000-10002`,
			"USER app",
			"STOPSIGNAL SIGTERM",
		].join("\n"),
	}),
	"stage-names": repository("reports", {
		Dockerfile:
			'FROM ruby:3.4 AS Base\nHEALTHCHECK CMD wget --no-verbose --tries=1 --spider localhost:9292/up || exit 1\nEXPOSE 9292\nUSER web\n\nFROM base AS test\nEXPOSE 1234\nCMD ["rspec"]\n\nFROM base\nRUN <<EOF\nEXPOSE 6666\nEOF\nCMD ["bundle", "exec", "puma", "-b", "tcp://0.0.0.0:9292"]\n',
	}),
	"nginx-frontend": repository("web-shop", {
		Dockerfile:
			"FROM node:24 AS build\nRUN npm run build\nFROM library/nginx:1.29-alpine\nCOPY --from=build /dist /usr/share/nginx/html\n",
	}),
	"node-bare": repository(
		"live-scores",
		{
			Dockerfile: 'FROM node:24-alpine\nCOPY . .\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "index.mjs"]\n',
			"package.json": '{ "dependencies": { "ws": "8.18.0" } }\n',
			".github/CODEOWNERS": "* @scores\n",
		},
		{ mentions: [{ file: "../escape", line: 1, path: "no path" }] },
	),
	"cmd-port": repository("worker-api", {
		Dockerfile: 'FROM python:3.13\nUSER app\nENTRYPOINT ["gunicorn"]\nCMD ["--bind", "0.0.0.0:8765", "wsgi:app"]\n',
		"requirements.txt": "flask\ngrpcio==1.76\n",
	}),
	"https-health": repository("vault-front", {
		Dockerfile: "FROM alpine\nUSER 10\nEXPOSE 8443\nHEALTHCHECK CMD curl -k https://localhost:8443/health\n",
	}),
	"compose-volumes": repository(
		"album",
		{
			Dockerfile: "FROM python:3.13\nUSER app\nEXPOSE 8000\nHEALTHCHECK CMD curl -f http://localhost:8000/ready\n",
			"compose.yaml": `services:
  album:
    build: .
    volumes:
      - Album_Pictures:/srv/pictures/
      - type: volume
        source: models
        target: /srv/models
        read_only: true
      - album_pictures:/srv/pictures/again
      - modules:/app/node_modules
      - /srv/scratch
      - .:/app
      - ./src:/app/src:ro
      - ./conf/album.toml:/etc/album.toml:ro
      - ./data:/srv/data
      - /var/run/docker.sock:/var/run/docker.sock
      - escape:/proc/x
      - { type: tmpfs, target: /tmp }
    deploy: { replicas: 3 }
volumes:
  Album_Pictures:
  models: {}
`,
		},
		{ paths: ["Dockerfile", "compose.yaml", "conf/album.toml", "src/main.py"] },
	),
	"kubernetes-grpc": repository("basket", {
		Dockerfile: 'FROM golang:1.24\nUSER 1000\nENTRYPOINT ["/basket"]\n',
		...kubernetesFiles.grpc,
	}),
	"kubernetes-named-ports": repository("weather", {
		Dockerfile: 'FROM alpine:3.22\nCOPY weather .\nUSER app\nCMD ["./weather"]\n',
		...kubernetesFiles.namedPorts,
	}),
	"kubernetes-several-images": repository("polls", {
		"ballot/Dockerfile": "FROM python:3.13\nCOPY app.py .\nUSER app\n",
		"ballot/app.py": "",
		"tally/Dockerfile": "FROM node:24\nCOPY server.js .\nUSER node\n",
		"tally/server.js": "",
		...kubernetesFiles.severalImages,
	}),
	"kubernetes-one-image-twice": repository("mailer", {
		Dockerfile: "FROM ruby:3.4\nUSER app\n",
		...kubernetesFiles.oneImageTwice,
	}),
	"kubernetes-references": repository("ledger", {
		Dockerfile: 'FROM eclipse-temurin:21-jre\nUSER app\nEXPOSE 8080\nHEALTHCHECK NONE\nCMD ["java", "-jar", "app.jar"]\n',
		...kubernetesFiles.references,
	}),
	"kubernetes-and-all-others": repository("parcels", {
		Dockerfile: "FROM node:24\nUSER node\nEXPOSE 7000 9229\nHEALTHCHECK CMD curl -f http://localhost:7000/up\n",
		"compose.yaml": "services:\n  parcels:\n    build: .\n    environment: { LOG_LEVEL: debug }\n    mem_limit: 128m\n",
		...kubernetesFiles.andAllOthers,
	}),
	"no-dockerfile": repository("notes", { "package.json": '{\n  "description": "Only a library"\n}\n' }),
};

const bomb = [
	"a: &a [x, x, x, x, x, x, x, x, x, x]",
	...["b", "c", "d", "e", "f", "g", "h", "i"].map((name, index) => {
		const before = "abcdefgh"[index] ?? "a";
		return `${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`;
	}),
].join("\n");

const mergeBomb = [
	"a: &a { x: 1 }",
	...["b", "c", "d", "e", "f", "g", "h", "i", "j"].map((name, index) => {
		const before = "abcdefghi"[index] ?? "a";
		return `${name}: &${name} { <<: [${Array(10).fill(`*${before}`).join(", ")}] }`;
	}),
].join("\n");

/** What must end in a sentence, quickly, and never in an error. `says` is part of one of its notes or questions. */
export const nonsense: readonly { readonly name: string; readonly source: ImportSource; readonly says: string }[] = [
	{ name: "a binary Dockerfile", source: repository("x", { Dockerfile: "\u007fELF\0\0\u0001" }), says: "Dockerfile is not text" },
	{
		name: "a line of 1 MB",
		source: repository("x", { Dockerfile: `FROM a\nRUN ${"x".repeat(1_000_000)}\n` }),
		says: "larger than 64 kB",
	},
	{ name: "no FROM", source: repository("x", { Dockerfile: "hello\nworld\n" }), says: "has no FROM" },
	{ name: "an empty Dockerfile", source: repository("x", { Dockerfile: "" }), says: "has no FROM" },
	{ name: "nothing at all", source: repository("x", {}), says: "no Dockerfile" },
	{
		name: "variables that double",
		source: repository("x", { Dockerfile: `FROM a\nENV A=aa\n${"ENV A=$A$A\n".repeat(500)}EXPOSE $A\n` }),
		says: "not understood",
	},
	{
		name: "more instructions than anyone writes",
		source: repository("x", { Dockerfile: `FROM a\n${"RUN x\n".repeat(3_000)}` }),
		says: "instructions",
	},
	{
		name: "ports that are none",
		source: repository("x", { Dockerfile: "FROM a\nEXPOSE 0 99999 -1 http 8080/sctp 20-10\n" }),
		says: "it is no port",
	},
	{
		name: "a YAML bomb of aliases",
		source: repository("x", { "compose.yaml": `${bomb}\nservices: { x: { build: ., environment: *i } }\n` }),
		says: "no Dockerfile",
	},
	{
		name: "a YAML bomb of merges",
		source: repository("x", { "compose.yaml": `${mergeBomb}\nservices: { x: { build: ., environment: *j } }\n` }),
		says: "refers to itself too often",
	},
	{
		name: "an alias of nothing",
		source: repository("x", { "compose.yaml": "services: *nowhere\n" }),
		says: "compose.yaml has no services",
	},
	{
		name: "an alias within itself",
		source: repository("x", { "compose.yaml": "services: &s\n  x: { build: ., <<: *s, environment: *s }\n" }),
		says: "no Dockerfile",
	},
	{ name: "brackets without end", source: repository("x", { "score.yaml": "[".repeat(60_000) }), says: "nested too deeply" },
	{
		name: "a tab in YAML",
		source: repository("x", { "catalog-info.yaml": "kind: Component\n\tmetadata: x\n" }),
		says: "catalog-info.yaml:2 is no YAML",
	},
	{
		name: "a list where a map belongs",
		source: repository("x", { "compose.yaml": "- services\n- build\n" }),
		says: "has no services",
	},
	{
		name: "names of object properties",
		source: repository("x", {
			"compose.yaml": "services:\n  __proto__: { build: ., environment: { __proto__: 1, constructor: 2 } }\n",
			Dockerfile: "FROM a\n",
		}),
		says: "Nothing exposes a port",
	},
	{
		name: "a build outside the repository",
		source: repository("x", {
			"compose.yaml": "services:\n  x: { build: { context: ../.., dockerfile: ../../etc/passwd } }\n",
			Dockerfile: "FROM a\n",
		}),
		says: "Nothing exposes",
	},
	{
		name: "a name that cannot be one",
		source: repository("x", {
			"catalog-info.yaml": "kind: Component\nmetadata: { name: '../../etc' }\n",
			Dockerfile: "FROM a\n",
		}),
		says: "is written etc here",
	},
	{
		name: "a Helm chart and nothing else",
		source: repository("x", {
			Dockerfile: "FROM a\n",
			"deploy/chart/Chart.yaml": "name: x\n",
			"deploy/chart/templates/x.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n",
		}),
		says: "deploy/chart/templates/x.yaml is of a Helm chart",
	},
	{
		name: "a chart outside the folders that are read",
		source: repository("x", { Dockerfile: "FROM a\n" }, { paths: ["Dockerfile", "charts/x/Chart.yaml"] }),
		says: "charts/x/Chart.yaml is of a Helm chart",
	},
	{
		name: "Kustomize overlays and nothing else",
		source: repository("x", {
			Dockerfile: "FROM a\n",
			"k8s/overlays/prod/replicas.yaml": "kind: Deployment\nmetadata: { name: x }\nspec: { replicas: 3 }\n",
		}),
		says: "k8s/overlays/prod/replicas.yaml is of a Kustomize overlay",
	},
	{
		name: "manifests that are no YAML",
		source: repository("x", { Dockerfile: "FROM a\n", "k8s/x.yaml": "kind: Deployment\n\tmetadata: x\n" }),
		says: "k8s/x.yaml:2 is no YAML",
	},
	{
		name: "a bomb as a pod's environment",
		source: repository("x", {
			Dockerfile: "FROM a\n",
			"k8s/x.yaml": `${mergeBomb}\nkind: Deployment\nmetadata: { name: x }\nspec: { template: { metadata: { labels: *j }, spec: { containers: [{ image: x }] } } }\n`,
		}),
		says: "refers to itself too often",
	},
	{
		name: "more megabytes of manifests than are parsed",
		source: repository("x", {
			Dockerfile: "FROM a\n",
			...Object.fromEntries(
				Array.from({ length: 60 }, (_, index) => [`k8s/${index}.yaml`, `kind: Deployment\nx: [${"a,".repeat(20_000)}]\n`]),
			),
		}),
		says: "Of 60 files with Kubernetes manifests the first 6 were read",
	},
	{
		name: "more manifests than are read",
		source: repository(
			"x",
			{ Dockerfile: "FROM a\n", "k8s/0.yaml": "kind: Service\n" },
			{ paths: Array.from({ length: 200 }, (_, index) => `k8s/${index}.yaml`) },
		),
		says: "Of 200 files that may be Kubernetes manifests the first 60 were read",
	},
	{
		name: "a path with quotes and spaces",
		source: repository("x", { Dockerfile: 'FROM a\nEXPOSE 80\nHEALTHCHECK CMD curl "http://localhost/`id`"\n' }),
		says: "USER",
	},
];

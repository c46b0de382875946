/** What the portal shows is composed here … */
export const rooms = ["domain", "server", "workflows", "agents", "adapters", "platform/supervisor"];

/** … and not there, each for a reason. */
export const silentPlaces: Readonly<Record<string, string>> = {
	"adapters/archive/": "backups are made and restored by the CLI",
	"adapters/audit/": "the worker's own key file: read where it starts",
	"adapters/builder/base-image-": "what makes the images, lines of a Dockerfile and of a build's log",
	"adapters/ca/": "said to hosts that join, on their terminal",
	"adapters/installation/": "said to who starts a process, on their terminal",
	"adapters/instance-log/": "the form of the log's files",
	"adapters/postgres/": "SQL",
	"agents/access-log/": "the wire form of Envoy's access log",
	"agents/ads/": "what the agent tells its own log and Envoy",
	"agents/envoy/admin.ts": "what the agent tells its own log",
	"agents/docker/log-stream.ts": "what the agent tells its own log",
	"agents/fetcher.ts": "what the agent tells its own log",
	"agents/join.ts": "said on the terminal where a host joins",
	"agents/logs/": "lines within the log of an instance, which stays as it was written",
	"agents/main.ts": "said on the terminal of an agent",
	"agents/names.ts": "what the agent tells its own log",
	"agents/relay/": "what the agent tells its own log",
	"agents/run.ts": "said on the terminal of an agent",
	"domain/audit/verify.ts": "said by the CLI; the page has words of its own for each kind of problem",
	"domain/envoy/": "what Envoy answers to clients of services",
	"domain/import/write-manifest.ts": "comments in the manifest, which is a file of the repository",
	"domain/instance-log/": "the form of a line",
	"domain/provenance/": "documents in a form of others (SLSA, SPDX)",
	"platform/supervisor/control.ts": "said on the terminal of `sluice up`",
	"platform/supervisor/drain.ts": "what the supervisor tells its own log",
	"platform/supervisor/end-marked.ts": "what the supervisor tells its own log",
	"platform/supervisor/main.ts": "said on the terminal of the supervisor",
	"platform/supervisor/supervisor.ts": "what the supervisor tells its own log",
	"server/after-restore.ts": "said on the terminal of `sluice restore`",
	"server/audit/": "the address of a download, asked by programs",
	"server/git/": "said to git",
	"server/live/": "the wire of live pages; a page says in its own words that it is away",
	"server/relay/addresses.ts": "said to who starts the relay",
	"server/relay/body.ts": "said to agents",
	"server/relay/config.ts": "said to agents",
	"server/relay/documents.ts": "said to agents",
	"server/relay/door.ts": "said to agents",
	"server/relay/identity.ts": "said to agents",
	"server/relay/logs.ts": "said to agents",
	"server/relay/measurements.ts": "said to agents",
	"server/relay/metrics.ts": "the form of Prometheus",
	"server/relay/registry.ts": "said to engines",
	"server/relay/relay.ts": "said to who starts the relay",
	"server/relay/report.ts": "said to agents",
	"server/relay/request-metrics.ts": "the form of Prometheus",
	"server/rest/document.ts": "the OpenAPI document, which is read by programs",
	"server/rest/events.ts": "said to programs",
	"server/rest/handler.ts": "said to programs",
	"server/rest/input.ts": "said to programs",
	"server/rest/once.ts": "said to programs",
	"server/rest/routes.ts": "said to programs",
	"server/rest/schema.ts": "said to programs",
	"workflows/deliver.ts": "what the worker tells its own log",
	"workflows/held.ts": "what the worker tells its own log",
	"workflows/recurring.ts": "what the worker tells its own log",
	"workflows/run-worker.ts": "what the worker tells its own log",
};

/** No sentence for people, though its form is one. */
export const silentTexts: readonly RegExp[] = [
	/^\d+ (milli)?(second|minute|hour)s?$/, // how long an activity may take
	/^(curl|sluice|flock|select|delete|update|listen|insert|round|coalesce|case|clock_timestamp)\b/, // typed, or SQL
	/^(text|application|attachment|Basic)\b.*[;/]/, // HTTP headers
	/^create\/\{0\}$/, // the key of an event
	/^(GET|POST) /, // requests
	/^-/, // options of a program
	/^There is no sluice\.yaml in$/, // by which the sentence that begins so is known
	/^Not Found$/, // what better-auth would answer
	/^(Describe \{0\} for Sluice|First version of )/, // of a commit, which keeps its words
	/^\{0\}: pipeline \{1\} at /, // said to git
	/^must be /, // said to agents
	/^CLI of this machine$/, // the name of a token
	/^<address of this machine/, // within a command
	/^"ARG |^(ENTRYPOINT|USER) /, // a Dockerfile
	/^[\w-]+ = \{0\}$/, // settings of a program
	/^(Debian bookworm|Push Hook)$/, // names
	/^Bearer \{0\}$/, // a header
	/^\{0\} (of \{1\} in \{2\}|in \{1\})$/, // of names only: it would be found in any text
	/^folder=/, // a program for git
	/^\W*(npm|PyPI|apt|Tool): /, // where a package is
	/^[\^$#]/, // patterns and commands
];

/** Said to people, though no source here holds it in one piece; each with the place that says it. */
export const composedTexts: Readonly<Record<string, string>> = {
	"environment {0}": "domain/policy/scope.ts",
	"{0} proxies": "workflows/activities/rollout-news.ts",
	...Object.fromEntries(
		[
			"{0} must be integer",
			"{0} must be number",
			"{0} must be string",
			"{0} must be boolean",
			"{0} must be object",
			"{0} must be array",
			"{0} must be >= {1}",
			"{0} must be <= {1}",
			"{0} must be > {1}",
			"{0} must be multiple of {1}",
			"{0} must NOT have fewer than {1} items",
			"{0} must NOT have more than {1} items",
			"{0} must NOT have fewer than {1} characters",
			"{0} must NOT have more than {1} characters",
			"{0} must NOT have fewer than {1} properties",
			"{0} must NOT have duplicate items (items ## {1} and {2} are identical)",
		].map((text) => [text, "domain/manifest/check.ts (ajv)"]),
	),
	...Object.fromEntries(
		[
			"Invalid input: expected {0}, received {1}",
			"Invalid option: expected one of {0}",
			"Invalid string: must match pattern {0}",
			"Invalid email address",
			"Too small: expected {0} to have >={1} characters",
			"Too small: expected {0} to have >={1} items",
			"Too small: expected {0} to be >={1}",
			"Too big: expected {0} to have <={1} characters",
			"Too big: expected {0} to have <={1} items",
			"Too big: expected {0} to be <={1}",
			"Unrecognized key: {0}",
			"Unrecognized keys: {0}",
		].map((text) => [text, "server/rest/problem.ts (zod)"]),
	),
};

import pg from "pg";
import { instance, manifest, place, plan, traffic } from "./records";

/** How much there is. Every name begins with `gen-`: none of it is anybody's. */
const sizes = {
	services: 20_000,
	releasesOfOne: 1_000,
	audit: 100_000,
	hosts: 10,
	running: 120,
	awaiting: 60,
	failed: 150,
	neverDeployed: 400,
} as const;

/** The service that has a thousand releases, and whose pages are looked at. */
export const busyService = "gen-orders-00500";

type Note = (what: string) => void;

/** Fills the bench's own database by a few statements, each of which makes its rows itself. */
export async function seed(databaseUrl: string, note: Note): Promise<void> {
	const client = new pg.Client({ connectionString: databaseUrl, options: "-c TimeZone=UTC" });
	await client.connect();
	const run = async (what: string, sql: string, values: readonly unknown[] = []): Promise<void> => {
		const { rowCount } = await client.query(sql, [...values]);
		note(`${what}: ${(rowCount ?? 0).toLocaleString("en-US")}`);
	};
	try {
		await names(run);
		await releases(run);
		await rollouts(run);
		await hosts(run);
		await audit(run);
		await client.query("vacuum analyze");
	} finally {
		await client.end();
	}
}

type Run = (what: string, sql: string, values?: readonly unknown[]) => Promise<void>;

const digest = (of: string) => `'sha256:' || encode(sha256((${of})::bytea), 'hex')`;
const fill = (template: string, places: Readonly<Record<string, string>>) =>
	Object.entries(places).reduce((sql, [word, value]) => `replace(${sql}, '${word}', ${value})`, template);

async function names(run: Run): Promise<void> {
	const words = `(array['orders','billing','search','basket','ledger','quotes','stock','mailer','profile','pricing'])[1 + n % 10]`;
	await run(
		"repositories",
		`insert into repository (name, "createdBy", "pipelineCount", "createdAt")
		 select 'gen-' || ${words} || '-' || lpad(n::text, 5, '0'), 'gen-person', 1, now() - n * interval '6 minutes'
		 from generate_series(0, $1::int - 1) n`,
		[sizes.services],
	);
	await run(
		"services",
		`insert into service (name, description, owner, repository, "createdBy", "createdAt")
		 select name, 'Generated: keeps the ' || split_part(name, '-', 2) || ' of region ' || (right(name, 5)::int % 97),
			'gen-team-' || (right(name, 5)::int % 40), name, 'gen-person', "createdAt" from repository`,
	);
	await run(
		"services in environments",
		`insert into service_environment (service, environment, "virtualAddress", "stableReleaseId", "trafficRevision", traffic, "rolloutCount")
		 select s.name, e.name, '10.254.' || (k / 250) || '.' || (k % 250 + 1),
			case when right(s.name, 5)::int < $2 then null else s.name || '-r2' end, 3,
			${fill("$1::text", { [place.service]: "s.name", [place.environment]: "e.name", [place.instance]: "s.name || '-' || e.name || '-i'" })}::jsonb, 1
		 from service s cross join environment e
		 cross join lateral (select right(s.name, 5)::int * 2 + e.position - 1 as k) a`,
		[JSON.stringify(traffic), sizes.neverDeployed],
	);
}

async function releases(run: Run): Promise<void> {
	await run(
		"releases",
		`insert into release (id, service, number, repository, digest, manifest, "configHash", "commit", "commitMessage", "pipelineId", "createdBy", "createdAt")
		 select s.name || '-r' || n, s.name, n, s.name, ${digest("s.name || n")},
			${fill("$1::text", { [place.service]: "s.name" })}::jsonb, md5(s.name || n), repeat('2', 40),
			'Generated change ' || n, case n when 2 then s.name || '-p1' end, 'gen-person', s."createdAt" + n * interval '1 second'
		 from service s cross join lateral generate_series(1, case s.name when $2 then $3::int else 2 end) n`,
		[JSON.stringify(manifest), busyService, sizes.releasesOfOne],
	);
	await run(
		"pipelines",
		`insert into pipeline (id, repository, number, branch, "commit", "commitMessage", author, "pushedBy", state, tests, "releaseId", "createdAt", "startedAt", "endedAt")
		 select name || '-p1', name, 1, 'main', repeat('2', 40), 'Generated change 2', 'gen-person', 'gen-person',
			case when right(name, 5)::int % 50 = 7 then 'failed' else 'passed' end, 'passed', name || '-r2',
			"createdAt", "createdAt", "createdAt" + interval '2 minutes' from repository`,
	);
	await run(
		"pipeline steps",
		`insert into pipeline_step ("pipelineId", position, name, state, "startedAt", "endedAt")
		 select p.id, s.position, s.name, 'passed', p."createdAt", p."endedAt" from pipeline p
		 cross join (values (1, 'checkout'), (2, 'test'), (3, 'build'), (4, 'push'), (5, 'release'), (6, 'rollout')) s(position, name)`,
	);
}

async function rollouts(run: Run): Promise<void> {
	const places = {
		[place.service]: "i.service",
		[place.environment]: "i.environment",
		[place.digest]: digest("i.service || 2"),
	};
	await run(
		"rollouts",
		`insert into rollout (id, service, environment, number, strategy, state, "fromReleaseId", "toReleaseId", plan, "intentHash", reason, "startedBy", "authorIds", "createdAt", "startedAt", "endedAt")
		 select i.service || '/' || i.environment, i.service, i.environment, 1, 'rolling', w.state, i.service || '-r1', i.service || '-r2',
			${fill("$1::text", places)}::jsonb, md5(i.service), case w.state when 'failed' then 'Generated: it did not become healthy in time.' end,
			'gen-person', array['gen-person'], s."createdAt", s."createdAt",
			case when w.state in ('promoted', 'failed') then s."createdAt" + interval '1 minute' end
		 from service_environment i join service s on s.name = i.service
		 cross join lateral (select right(i.service, 5)::int as n) k
		 cross join lateral (select case
			when i.environment = 'production' and k.n between 1000 and 999 + $2::int then 'running'
			when i.environment = 'production' and k.n between 2000 and 1999 + $3::int then 'awaiting-approval'
			when k.n < $4::int and k.n > 1 then 'failed' else 'promoted' end as state) w
		 where k.n >= $5::int or k.n < $4::int`,
		[JSON.stringify(plan), sizes.running, sizes.awaiting, sizes.failed, sizes.neverDeployed],
	);
	await run(
		"rollout events",
		`insert into rollout_event ("rolloutId", sequence, kind, actor, message, at)
		 select r.id, n, 'step', 'sluice', 'Generated event ' || n, r."createdAt" + n * interval '1 second'
		 from rollout r cross join generate_series(1, 3) n`,
	);
}

async function hosts(run: Run): Promise<void> {
	// A lease far ahead: these hosts answer for as long as the bench runs.
	await run(
		"hosts",
		`insert into host (id, address, roles, "memoryBytes", cpus, "leaseAt", converged, "desiredRevision", "reportedRevision")
		 select 'gen-host-' || n, '192.0.2.' || n, case when n <= 2 then array['gateway', 'node'] else array['node'] end,
			512::bigint * 1024 * 1024 * 1024, 256, now() + interval '1 day', true, 1, 1 from generate_series(1, $1::int) n`,
		[sizes.hosts],
	);
	await run(
		"proxies",
		`insert into proxy (id, "hostId", roles, alive, "leaseAt") select id || '/envoy-1', id, roles, true, "leaseAt" from host`,
	);
	const places = {
		[place.service]: "i.service",
		[place.environment]: "i.environment",
		[place.instance]: "i.service || '-' || i.environment || '-i'",
		[place.digest]: digest("i.service || 2"),
	};
	await run(
		"instances",
		`insert into instance (id, service, environment, "releaseId", release, "hostId", "rolloutId", spec, phase, observed, "createdAt", "servingAt")
		 select i.service || '-' || i.environment || '-i', i.service, i.environment, i.service || '-r2', 2,
			'gen-host-' || (1 + right(i.service, 5)::int % $2::int), i.service || '/' || i.environment,
			${fill("$1::text", places)}::jsonb, 'serving', 'running', s."createdAt", s."createdAt"
		 from service_environment i join service s on s.name = i.service where i."stableReleaseId" is not null`,
		[JSON.stringify(instance), sizes.hosts],
	);
	// One in a hundred is not healthy everywhere: there is something to find.
	await run(
		"health as proxies tell it",
		`insert into proxy_endpoint ("proxyId", "instanceId", health, draining, active, "quietSamples", at)
		 select p.id, i.id, case when right(i.service, 5)::int % 100 = 3 then 'unhealthy' else 'healthy' end, false, 0, 2, now()
		 from instance i cross join proxy p`,
	);
	await run(
		"acknowledgements",
		`insert into proxy_ack ("proxyId", service, environment, revision, verdict, at)
		 select p.id, i.service, i.environment, 3, 'ack', now() from service_environment i cross join proxy p`,
	);
}

async function audit(run: Run): Promise<void> {
	await run(
		"audit rows",
		`insert into audit (id, at, "actorKind", "actorId", "actorName", action, "subjectKind", subject, summary, previous, hash)
		 select h.sequence + n, now() - ($1::int - n) * interval '1 minute', 'user', 'gen-person', 'gen-person-' || n % 300,
			(array['rollout.start', 'rollout.approve', 'config.set', 'user.sign-in', 'repository.push'])[1 + n % 5], 'service',
			'gen-orders-' || lpad((n % 20000)::text, 5, '0'), 'Generated: entry ' || n || ' about a service', md5('p' || n), md5('h' || n)
		 from audit_head h cross join generate_series(1, $1::int) n`,
		[sizes.audit],
	);
	await run("head of the audit", `update audit_head set sequence = sequence + $1::int`, [sizes.audit]);
}

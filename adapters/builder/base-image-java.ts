import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { BaseImageRecipe } from "@/adapters/builder/base-image-recipe";

/** The same place on each processor, and the one of Eclipse Temurin's image. */
const home = "/opt/java/openjdk";
const debianNames: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

export const javaRecipe: BaseImageRecipe = {
	version: 2,
	debianPackages: ["ca-certificates", "openjdk-17-jdk-headless", "maven"],
	changes: [
		`ENV PATH=${home}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
		`ENV JAVA_HOME=${home} MAVEN_HOME=/usr/share/maven LANG=C.UTF-8`,
		'CMD ["java", "-version"]',
	],
	pinned: () => [],
	users: [],
	without: [],
	async add(stage) {
		mkdirSync(join(stage, "opt/java"), { recursive: true });
		symlinkSync(`/usr/lib/jvm/java-17-openjdk-${debianNames[process.arch] ?? process.arch}`, join(stage, home));
	},
};

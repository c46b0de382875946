import { placeText, type VolumeFact } from "@/domain/import/model";
import { firstSaid, type Told } from "@/domain/import/precedence";
import { slugFrom } from "@/domain/import/slug-from";

const mostVolumes = 8;
/** As a manifest may have it. */
const place = /^(?!\/(proc|sys|dev)(\/|$))(\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){1,8}$/;

/** The volumes of the first file that names some, as a manifest may have them; what cannot be is said. */
export function planVolumes(told: Told, notes: string[]): VolumeFact[] {
	const planned: VolumeFact[] = [];
	for (const found of firstSaid(told, "volumes") ?? []) {
		const name = slugFrom(found.name, 30);
		const target = found.target.replace(/\/+$/, "");
		const reason = whyNot(name, target, planned);
		if (name !== null && reason === null) planned.push({ ...found, name, target });
		else notes.push(`${placeText(found.at)}: the volume ${found.name.slice(0, 60)} is left out: ${reason}`);
	}
	return planned;
}

function whyNot(name: string | null, target: string, before: readonly VolumeFact[]): string | null {
	if (name === null) return "nothing of its name can be a name here.";
	if (!place.test(target)) return `${target.slice(0, 100)} is no place where a volume can be mounted.`;
	if (before.length === mostVolumes) return `a service has at most ${mostVolumes}.`;
	if (before.some((one) => one.name === name)) return "one of that name is mounted already.";
	const within = before.find((one) => `${one.target}/`.startsWith(`${target}/`) || `${target}/`.startsWith(`${one.target}/`));
	return within ? `${target} and ${within.target} lie within each other.` : null;
}

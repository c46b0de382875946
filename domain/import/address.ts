import { AppError } from "@/domain/errors";

export interface ImportAddress {
	/** Without credentials, query and fragment. */
	readonly url: string;
	/** A name or an IP address, without brackets. */
	readonly host: string;
	readonly port: number;
	/** For the repository here, if it can be one. */
	readonly suggestedName: string;
}

const longest = 500;

/** A git address that may be fetched: https and nothing else, since the rest can run programs or read files. Throws `invalid`. */
export function parseImportAddress(text: string): ImportAddress {
	const shown = text.slice(0, 200).replace(/[^\x20-\x7e]/g, "?");
	const refuse = (why: string): AppError => new AppError("invalid", `"${shown}" cannot be imported: ${why}`);
	if (text.length > longest || !/^[\x21-\x7e]+$/.test(text))
		throw refuse("an address has no spaces or control characters and at most 500 letters.");
	if (!/^https:\/\//i.test(text)) throw refuse(whyNotScheme(text));
	const url = parsed(text);
	if (url === null || url.hostname === "") throw refuse("it is no address.");
	if (url.username !== "" || url.password !== "" || /^https:\/\/[^/]*@/i.test(text)) {
		throw new AppError(
			"invalid",
			"The address has a user or a password in it: give them in their own fields, where they are kept out of every log.",
		);
	}
	if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) throw refuse("an address of a repository has no ? and no #.");
	if (/[\\;`$'"<>|{}^]/.test(text) || url.pathname.length < 2) throw refuse("it names no repository.");
	const last = decodedName(url.pathname);
	return {
		url: url.href,
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: url.port === "" ? 443 : Number(url.port),
		suggestedName: last,
	};
}

function whyNotScheme(text: string): string {
	if (text.startsWith("-")) return "an address begins with https://.";
	if (/^[\w+.-]*::/.test(text)) return "an address with :: runs a program. Give one that begins with https://.";
	if (/^(ssh|git\+ssh):\/\//i.test(text) || /^[\w.-]+@[\w.-]+:/.test(text))
		return "over SSH it would need a key kept here. Give its https:// address, and a token if it is private.";
	if (/^http:\/\//i.test(text)) return "over plain http anybody on the way could change what arrives. Give its https:// address.";
	return "only addresses that begin with https:// are fetched. Or push the repository to one made here.";
}

function parsed(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}

/** `/team/Order_Service.git/` as `order-service`. */
function decodedName(pathname: string): string {
	const last = pathname.replace(/\/+$/, "").split("/").at(-1) ?? "";
	const words = last
		.replace(/\.git$/i, "")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^[^a-z]+/, "");
	return words.slice(0, 40).replace(/-+$/, "");
}

/** A part of a path that is long and mixed is taken for a key that gives access. */
const keyLike = /^(?=.*\d)(?=.*[A-Za-z])\w{20,}$|^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Whether an address of a package mirror may be written into an image, where everybody reads it who has the image:
 * it names a host and a path, and nothing in it gives access. Rather once too often no.
 */
export function isOpenAddress(text: string): boolean {
	if (/[\s$"'<>&]/.test(text) || !URL.canParse(text)) return false;
	const { protocol, username, password, search, hash, pathname, host } = new URL(text);
	if (!/^https?:$/.test(protocol) || host === "") return false;
	if (username !== "" || password !== "" || search !== "" || hash !== "" || text.includes("@")) return false;
	return !pathname.split("/").some((part) => keyLike.test(part));
}

import { type NextRequest, NextResponse } from "next/server";

/**
 * Before every page: sends people without a session cookie to sign in (the procedures check the session itself),
 * and gives each answer a Content-Security-Policy with its own nonce, which Next puts on its scripts.
 */
export function proxy(request: NextRequest): NextResponse {
	const { pathname, search } = request.nextUrl;
	const signedIn = request.cookies.getAll().some(({ name }) => name.endsWith(sessionCookie));
	if (!signedIn && !open.includes(pathname)) {
		const target = new URL("/sign-in", request.url);
		if (pathname !== "/") target.searchParams.set("next", pathname + search);
		return NextResponse.redirect(target);
	}
	const nonce = btoa(crypto.randomUUID());
	const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
	const headers = new Headers(request.headers);
	headers.set("x-nonce", nonce);
	headers.set("content-security-policy", policy);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	return response;
}

/** Pages for people who are not known yet. */
const open: readonly string[] = ["/sign-in", "/invitation"];

/** Its beginning has the installation's id, so that installations beside each other on one name keep apart. */
const sessionCookie = ".session_token";

/** Styles are inline where a width is data (a weight, a sparkline); scripts never are without the nonce. */
function contentSecurityPolicy(nonce: string, development: boolean): string {
	const script = `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`;
	return [
		"default-src 'self'",
		`script-src ${script}`,
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"object-src 'none'",
		"base-uri 'self'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join("; ");
}

export const config = {
	matcher: [{ source: "/((?!api/|_next/|favicon.ico|icon.svg).*)" }],
};

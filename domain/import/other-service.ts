/** Whether a variable's value is the place of one of these services: it must be set for where that one runs here. */
export function leadsToService(name: string, text: string, services: readonly string[]): boolean {
	const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?([a-z0-9_.-]+)(?::\d+)?(?:[/?].*)?$/i.exec(text)?.[1];
	if (host === undefined) return false;
	if (/\.svc(\.cluster\.local)?$/i.test(host)) return true;
	return services.includes(host) && /[:/]|HOST|ADDR|URL|URI|SERVER|ENDPOINT/i.test(`${text}${name}`);
}

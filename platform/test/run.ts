export async function runTests(_filter: string | undefined): Promise<number> { return 1; }

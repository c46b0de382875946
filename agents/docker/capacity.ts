import type Docker from "dockerode";

export async function capacityOf(engine: Docker): Promise<{ memoryBytes: number; cpus: number }> {
	const { MemTotal, NCPU } = (await engine.info()) as { MemTotal: number; NCPU: number };
	return { memoryBytes: MemTotal, cpus: NCPU };
}

/** `npm run bench -- <name>`: one benchmark a file; each prints its lines on stdout and exits 1 when a promise is not kept. */
import { messageOf } from "@/domain/errors";
import { benchAccessLog } from "./access-log";
import { benchIdle } from "./idle";
import { benchPortal } from "./portal";
import { benchPropagation } from "./propagation";
import { benchRollout } from "./rollout";

const benches: Readonly<Record<string, () => Promise<boolean>>> = {
	rollout: benchRollout,
	idle: benchIdle,
	propagation: benchPropagation,
	"access-log": benchAccessLog,
	portal: benchPortal,
};

const wanted = process.argv[2] ?? "";
const bench = benches[wanted];
if (bench) {
	process.exitCode = await bench().then(
		(isKept) => (isKept ? 0 : 1),
		(error: unknown) => {
			process.stderr.write(`${messageOf(error)}\n`);
			return 1;
		},
	);
} else {
	process.stderr.write(`There is no benchmark "${wanted}"; there are: ${Object.keys(benches).join(", ")}.\n`);
	process.exitCode = 2;
}

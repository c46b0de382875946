import { auditRouter } from "@/server/routers/audit";
import { baseImageRouter } from "@/server/routers/base-image";
import { configRouter } from "@/server/routers/config";
import { environmentRouter } from "@/server/routers/environment";
import { freezeRouter } from "@/server/routers/freeze";
import { gatewayRouter } from "@/server/routers/gateway";
import { hookRouter } from "@/server/routers/hook";
import { hostRouter } from "@/server/routers/host";
import { importRouter } from "@/server/routers/import";
import { logRouter } from "@/server/routers/log";
import { manifestRouter } from "@/server/routers/manifest";
import { measurementRouter } from "@/server/routers/measurement";
import { pipelineRouter } from "@/server/routers/pipeline";
import { platformRouter } from "@/server/routers/platform";
import { releaseRouter } from "@/server/routers/release";
import { repositoryRouter } from "@/server/routers/repository";
import { rolloutRouter } from "@/server/routers/rollout";
import { scaffoldRouter } from "@/server/routers/scaffold";
import { serviceRouter } from "@/server/routers/service";
import { sessionRouter } from "@/server/routers/session";
import { templateRouter } from "@/server/routers/template";
import { tokenRouter } from "@/server/routers/token";
import { userRouter } from "@/server/routers/user";
import { volumeRouter } from "@/server/routers/volume";
import { webhookRouter } from "@/server/routers/webhook";
import { router } from "@/server/trpc/init";

export const appRouter = router({
	session: sessionRouter,
	service: serviceRouter,
	release: releaseRouter,
	rollout: rolloutRouter,
	manifest: manifestRouter,
	repository: repositoryRouter,
	measurement: measurementRouter,
	pipeline: pipelineRouter,
	config: configRouter,
	log: logRouter,
	environment: environmentRouter,
	freeze: freezeRouter,
	gateway: gatewayRouter,
	host: hostRouter,
	audit: auditRouter,
	platform: platformRouter,
	baseImage: baseImageRouter,
	template: templateRouter,
	scaffold: scaffoldRouter,
	import: importRouter,
	webhook: webhookRouter,
	hook: hookRouter,
	token: tokenRouter,
	user: userRouter,
	volume: volumeRouter,
});

export type AppRouter = typeof appRouter;

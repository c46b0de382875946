-- By hand, what Prisma cannot say. What awaits approval moves nothing: meanwhile a repair, a restart or a rollback may.
DROP INDEX "rollout_one_unfinished";
CREATE UNIQUE INDEX "rollout_one_moving" ON "rollout"("service", "environment")
    WHERE "state" NOT IN ('awaiting-approval', 'promoted', 'rolled-back', 'failed', 'superseded', 'rejected');
CREATE UNIQUE INDEX "rollout_one_awaiting" ON "rollout"("service", "environment") WHERE "state" = 'awaiting-approval';

-- AlterTable
ALTER TABLE "rollout" ADD COLUMN     "authorIds" TEXT[],
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'release',
ADD COLUMN     "pausedAt" TIMESTAMP(3),
ADD COLUMN     "pausedBy" TEXT,
ADD COLUMN     "pausedReason" TEXT,
ADD COLUMN     "step" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "stepAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "service_environment" ADD COLUMN     "instances" INTEGER;

-- CreateTable
CREATE TABLE "decision" (
    "rolloutId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "intentHash" TEXT NOT NULL,
    "userName" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("rolloutId","intentHash","userId")
);

-- CreateTable
CREATE TABLE "analysis_run" (
    "rolloutId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "from" TIMESTAMP(3) NOT NULL,
    "verdict" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "results" JSONB NOT NULL,

    CONSTRAINT "analysis_run_pkey" PRIMARY KEY ("rolloutId","number")
);

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_rolloutId_fkey" FOREIGN KEY ("rolloutId") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "analysis_run" ADD CONSTRAINT "analysis_run_rolloutId_fkey" FOREIGN KEY ("rolloutId") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "pipeline" ADD COLUMN     "pushedById" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "release" ADD COLUMN     "createdById" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "rollout" ADD COLUMN     "weightAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "follow_up" (
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "releaseId" TEXT NOT NULL,
    "release" INTEGER NOT NULL,
    "startedBy" TEXT NOT NULL,
    "startedById" TEXT NOT NULL,
    "pipelineId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "follow_up_pkey" PRIMARY KEY ("service","environment")
);

-- By hand, what Prisma cannot say: a rejected rollout has ended, too.
DROP INDEX "rollout_one_unfinished";
CREATE UNIQUE INDEX "rollout_one_unfinished" ON "rollout"("service", "environment")
    WHERE "state" NOT IN ('promoted', 'rolled-back', 'failed', 'superseded', 'rejected');

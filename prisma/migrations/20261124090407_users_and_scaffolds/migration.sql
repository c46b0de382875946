-- AlterTable
ALTER TABLE "apikey" ADD COLUMN     "role" TEXT;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "disabledAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "since" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "scaffold" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "requestId" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "values" JSONB NOT NULL,
    "files" JSONB NOT NULL,
    "requestedBy" TEXT NOT NULL,
    "requestedById" TEXT NOT NULL,
    "requestedByKind" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "reason" TEXT,
    "cancelRequestedBy" TEXT,
    "hasRepository" BOOLEAN NOT NULL DEFAULT false,
    "pipelineCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "scaffold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scaffold_step" (
    "scaffoldId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "message" TEXT,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "scaffold_step_pkey" PRIMARY KEY ("scaffoldId","position")
);

-- CreateIndex
CREATE INDEX "invitation_email_idx" ON "invitation"("email");

-- CreateIndex
CREATE INDEX "attempt_since_idx" ON "attempt"("since");

-- CreateIndex
CREATE UNIQUE INDEX "scaffold_name_number_key" ON "scaffold"("name", "number");

-- AddForeignKey
ALTER TABLE "scaffold_step" ADD CONSTRAINT "scaffold_step_scaffoldId_fkey" FOREIGN KEY ("scaffoldId") REFERENCES "scaffold"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One run at a time makes the service of a name; cancelled and failed ones leave the name free.
CREATE UNIQUE INDEX "scaffold_one_living" ON "scaffold"("name") WHERE "state" NOT IN ('cancelled', 'failed');

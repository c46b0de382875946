-- CreateTable
CREATE TABLE "volume" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMP(3),
    "removedBy" TEXT,
    "goneAt" TIMESTAMP(3),

    CONSTRAINT "volume_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "volume_hostId_idx" ON "volume"("hostId");

-- CreateIndex
CREATE INDEX "volume_service_environment_idx" ON "volume"("service", "environment");

-- One of a name at a time: a volume has one home.
CREATE UNIQUE INDEX "volume_one_living" ON "volume"("service", "environment", "name") WHERE "removedAt" IS NULL;

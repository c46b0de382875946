-- CreateTable
CREATE TABLE "freeze_window" (
    "id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "service" TEXT,
    "startsAt" TIMESTAMP(3),
    "endsAt" TIMESTAMP(3),
    "weekly" TEXT,
    "zone" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endedAt" TIMESTAMP(3),
    "endedBy" TEXT,

    CONSTRAINT "freeze_window_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "freeze_window_environment_endedAt_idx" ON "freeze_window"("environment", "endedAt");

-- AddForeignKey
ALTER TABLE "freeze_window" ADD CONSTRAINT "freeze_window_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

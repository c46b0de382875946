-- CreateTable
CREATE TABLE "repair_request" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMP(3),

    CONSTRAINT "repair_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "repair_request_service_environment_createdAt_idx" ON "repair_request"("service", "environment", "createdAt");
